import Errors
import Inventory
import SSH

/// Opens the connection to a host.
package typealias Connector = @Sendable (Host) async throws(SSHError) -> any HostConnection

/// The hosts that a command works on, one connection each, all used in parallel.
package struct Fleet: Sendable {
    package var connections: [String: any HostConnection]
    /// Why the others could not be reached, by host.
    package var errors: [String: SSHError]

    /// The same for users, sorted by host.
    package var failures: [Failure] {
        errors.sorted { $0.key < $1.key }.map { Failure($0.value, host: $0.key) }
    }

    package init(connections: [String: any HostConnection], errors: [String: SSHError] = [:]) {
        self.connections = connections
        self.errors = errors
    }

    /// Connects to all hosts at once. Hosts that fail are listed, not thrown.
    package static func connect(to hosts: [Host], by connector: @escaping Connector) async -> Fleet {
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
                case .success(let connection): fleet.connections[name] = connection
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

    /// Runs a script on one host.
    func run(
        _ script: RemoteScript, on host: String, deadline: Deadline,
        output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(Failure) -> RemoteResult {
        guard let connection = connections[host] else {
            throw Failure(
                .unreachable, host: host, step: "connect", summary: "there is no connection",
                remedy: "Run haprov again.")
        }
        do throws(SSHError) {
            return try await connection.run(script, deadline: deadline, output: output)
        } catch {
            throw Failure(error, host: host)
        }
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
