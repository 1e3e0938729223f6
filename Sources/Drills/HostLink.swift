import HostShell
import Inventory
import Provisioning
import SSH

/// The one connection over which a drill gives a host its orders, opened when needed and again after it was lost.
actor HostLink: HostConnection {
    nonisolated let host: Host
    private let connect: Connector
    private var connection: (any HostConnection)?

    init(_ host: Host, connect: @escaping Connector) {
        self.host = host
        self.connect = connect
    }

    /// Runs a script as root.
    ///
    /// - Parameters:
    ///   - idle: seconds without a word from the host, after which it is given up.
    ///   - total: seconds in all.
    ///   - output: as in ``HostConnection``.
    func run(
        _ script: String, idle: Double = 20, total: Double, output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(SSHError) -> RemoteResult {
        try await run(RemoteScript(script), deadline: Deadline(idle: idle, total: total), output: output)
    }

    func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult {
        let connection: any HostConnection
        if let open = self.connection {
            connection = open
        } else {
            connection = try await connect(host)
            self.connection = connection
        }
        do {
            return try await connection.run(script, deadline: deadline, output: output)
        } catch {
            self.connection = nil
            await connection.close()
            throw error
        }
    }

    func close() async {
        await connection?.close()
        connection = nil
    }
}

extension RemoteResult {
    /// Standard output as lines.
    var lines: [String] {
        String(decoding: standardOutput, as: UTF8.self).split(separator: "\n").map { String($0) }
    }

    /// What the script said.
    var records: [Record] { Record.all(in: standardOutput) }

    /// The first field of the first record of this word.
    func said(_ word: String) -> String? { records.first { $0.word == word }?[1] }

    /// The last words on standard error, shortened.
    var lastWords: String? {
        String(decoding: standardError, as: UTF8.self).split(separator: "\n").last.map { String($0.prefix(300)) }
    }
}
