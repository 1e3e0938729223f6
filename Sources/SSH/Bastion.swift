import Glibc
import HostShell

/// A host that others are reached through: one login serves them all, and each gets a channel of it to speak through.
package final class Bastion: Sendable {
    /// This one last, each reached through the one before it.
    private let route: [SSHEndpoint]
    private let forwarder: Forwarder

    private init(_ route: [SSHEndpoint], _ forwarder: Forwarder) {
        self.route = route
        self.forwarder = forwarder
    }

    deinit { forwarder.end() }

    /// Logs in, as to any host.
    ///
    /// - Throws: what ``SSHConnection/open(_:credentials:deadlines:through:)`` throws, with the bastion's name.
    package static func open(
        _ endpoint: SSHEndpoint, credentials: SSHCredentials, deadlines: SSHDeadlines = SSHDeadlines(),
        through bastion: Bastion? = nil
    ) async throws(SSHError) -> Bastion {
        do throws(SSHError) {
            let connection = try await SSHConnection.open(
                endpoint, credentials: credentials, deadlines: deadlines, through: bastion)
            let forwarder = try Forwarder(name: endpoint.name)
            // Its own thread is the one that may use the session, and does nothing else from now on.
            Task { await connection.serve(forwarder) }
            return Bastion((bastion?.route ?? []) + [endpoint], forwarder)
        } catch {
            var error = error
            if bastion == nil || !error.message.hasPrefix("bastion ") {
                error.message = "bastion \(endpoint.name): \(error.message)"
            }
            throw error
        }
    }

    /// What a person writes in front of a command that is to run there.
    var login: String {
        guard let last = route.last else { return "" }
        let before = route.dropLast().map { "\($0.user)@\($0.address):\($0.port)" }.joined(separator: ",")
        var jump = before.isEmpty ? [] : ["-J", before]
        if let command = last.proxyCommand {
            jump = ["-o", "ProxyCommand=\(command.line.replacing("%", with: "%%"))"]
        }
        return Shell.join(["ssh"] + jump + ["-p", "\(last.port)", "\(last.user)@\(last.address)"]) + " "
    }

    /// Whether it can still be gone through.
    var isAlive: Bool { forwarder.isAlive }

    /// Connects from the bastion to a host, whose name the bastion resolves.
    func connect(to address: String, port: Int, watch: Watch) throws(SSHError) -> TCPSocket {
        TCPSocket(adopting: try forwarder.connect(to: address, port: port, watch))
    }
}

/// The bastions of a command: each is logged in to once, for all hosts behind it.
package actor Bastions {
    private var opened: [[SSHEndpoint]: Task<Result<Bastion, SSHError>, Never>] = [:]

    package init() {}

    /// The last of a chain of bastions, each reached through the one before it; nil where there is none.
    package func bastion(
        _ chain: [(endpoint: SSHEndpoint, credentials: SSHCredentials)], deadlines: SSHDeadlines = SSHDeadlines()
    ) async throws(SSHError) -> Bastion? {
        guard let last = chain.last else { return nil }
        let key = chain.map(\.endpoint)
        if let task = opened[key] {
            let result = await task.value
            // One that was lost is worth another login; one that refused is not.
            if case .success(let bastion) = result, !bastion.isAlive {
                if opened[key] == task { opened[key] = nil }
                return try await self.bastion(chain, deadlines: deadlines)
            }
            return try result.get()
        }
        let task = Task { [self] () -> Result<Bastion, SSHError> in
            do throws(SSHError) {
                let before = try await bastion(chain.dropLast(), deadlines: deadlines)
                return .success(
                    try await Bastion.open(
                        last.endpoint, credentials: last.credentials, deadlines: deadlines, through: before))
            } catch { return .failure(error) }
        }
        opened[key] = task
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}
