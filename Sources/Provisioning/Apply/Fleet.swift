import Errors
import Inventory
import SSH

/// Opens the connection to a host.
package typealias Connector = @Sendable (Host) async throws(SSHError) -> any HostConnection

/// The hosts that a command works on, one connection each, all used in parallel.
package struct Fleet: Sendable {
    package private(set) var connections: [String: Link]
    /// Why the others could not be reached, by host.
    package var errors: [String: SSHError]

    /// The same for users, sorted by host.
    package var failures: [Failure] {
        errors.sorted { $0.key < $1.key }.map { Failure($0.value, host: $0.key) }
    }

    /// Of connections that are somebody else's to open again.
    package init(connections: [String: any HostConnection], errors: [String: SSHError] = [:]) {
        self.connections = connections.mapValues { Link($0) }
        self.errors = errors
    }

    init(links: [String: Link]) {
        connections = links
        errors = [:]
    }

    /// Connects to all hosts at once. Hosts that fail are listed, not thrown.
    ///
    /// - Parameter events: told of hosts that were lost later, and reached again.
    package static func connect(
        to hosts: [Host], by connector: @escaping Connector, events: @escaping EventSink = { _ in }
    ) async -> Fleet {
        await withTaskGroup(of: (String, Result<any HostConnection, SSHError>).self) { group in
            for host in hosts {
                group.addTask {
                    do throws(SSHError) {
                        return (host.name, .success(try await connector(host)))
                    } catch {
                        return (host.name, .failure(error))
                    }
                }
            }
            var fleet = Fleet(connections: [:])
            for await (name, result) in group {
                switch result {
                case .success(let connection):
                    guard let host = hosts.first(where: { $0.name == name }) else { continue }
                    fleet.connections[name] = Link(
                        connection, patience: .milliseconds(host.ssh.timeouts.reconnect ?? 120_000),
                        open: { () async throws(SSHError) in try await connector(host) },
                        events: { events(.note(host: name, text: $0)) })
                case .failure(let error): fleet.errors[name] = error
                }
            }
            return fleet
        }
    }

    package func close() async {
        await withTaskGroup(of: Void.self) { group in
            for connection in connections.values { group.addTask { await connection.close() } }
        }
    }

    /// Runs a script on one host, and once more where the connection was lost meanwhile: it must be one that may be run twice.
    func run(
        _ script: RemoteScript, on host: String, deadline: Deadline,
        output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(Failure) -> RemoteResult {
        let link = try link(host)
        do throws(SSHError) {
            let generation = await link.generation
            do throws(SSHError) {
                return try await link.run(script, deadline: deadline, output: output)
            } catch {
                try await link.mend(error, of: generation)
            }
            return try await link.run(script, deadline: deadline, output: output)
        } catch {
            throw Failure(error, host: host)
        }
    }

    /// Runs a job on one host to its end, over as many connections as that takes.
    ///
    /// - Parameter total: seconds, after which it is given up.
    func finish(
        _ job: Job, on host: String, total: Double = 3600,
        output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(Failure) -> RemoteResult {
        let link = try link(host)
        let end = ContinuousClock.now + .seconds(total)
        let stream = JobStream(job.name, output)
        do throws(SSHError) {
            while true {
                let generation = await link.generation
                let script = stream.offset.map { job.following(from: $0) } ?? job.script
                do throws(SSHError) {
                    // A sign of life comes every five seconds.
                    return try await link.run(script, deadline: Deadline(idle: 30, total: total)) { stream.take($0) }
                } catch {
                    guard ContinuousClock.now < end else { throw error }
                    stream.cut()
                    try await link.mend(error, of: generation)
                }
            }
        } catch {
            throw Failure(error, host: host)
        }
    }

    private func link(_ host: String) throws(Failure) -> Link {
        if let link = connections[host] { return link }
        throw Failure(
            .unreachable, host: host, step: "connect", summary: "there is no connection",
            remedy: "Run haprov again.")
    }

    /// Does the same on several hosts at once and waits for all of them, also where some fail.
    func onEach<T: Sendable>(
        _ hosts: [String], _ body: @escaping @Sendable (String) async throws(Failure) -> T
    ) async -> [String: Result<T, Failure>] {
        await withTaskGroup(of: (String, Result<T, Failure>).self) { group in
            for host in hosts {
                group.addTask {
                    do throws(Failure) {
                        return (host, .success(try await body(host)))
                    } catch {
                        return (host, .failure(error))
                    }
                }
            }
            var results: [String: Result<T, Failure>] = [:]
            for await (host, result) in group { results[host] = result }
            return results
        }
    }
}
