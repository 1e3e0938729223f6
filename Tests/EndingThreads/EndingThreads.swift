import CCrypto
import Glibc
import SSH
import Synchronization

/// ending-threads COUNT ADDRESS PORT USER KEY KNOWN_HOSTS: logs in, then exits while so many threads end that have used
/// libcrypto, the connection's own among them. Says so where libcrypto cleans up meanwhile.
@main
enum EndingThreads {
    private static let ready = Atomic(0)
    private static let mayEnd = Atomic(false)
    private static let ending = Atomic(0)

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let count = Int(arguments[1]), let port = Int(arguments[3]) else {
            print("Usage: ending-threads COUNT ADDRESS PORT USER KEY KNOWN_HOSTS")
            exit(64)
        }
        OPENSSL_atexit {
            let words = "libcrypto cleans up\n"
            _ = write(1, words, words.utf8.count)
            // It goes on in the thick of it.
            while EndingThreads.ending.load(ordering: .acquiring) < 60 {}
        }
        try await connect(
            SSHEndpoint(name: "test", address: arguments[2], port: port, user: arguments[4], knownHosts: arguments[6]),
            key: arguments[5])
        for _ in 0..<count { start() }
        while ready.load(ordering: .acquiring) < count { usleep(100) }
        mayEnd.store(true, ordering: .releasing)
        exit(0)
    }

    /// The connection's thread ends when this returns, sooner or later.
    private static func connect(_ endpoint: SSHEndpoint, key: String) async throws {
        let connection = try await SSHConnection.open(
            endpoint, credentials: SSHCredentials(identities: [key], useAgent: false))
        let result = try await connection.run(
            RemoteScript("true", asRoot: false), deadline: Deadline(idle: 60, total: 60))
        guard result.exitStatus == 0 else { exit(1) }
        await connection.close()
    }

    /// A thread that has numbers and errors of its own from libcrypto, as a connection's has.
    private static func start() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                var byte: UInt8 = 0
                RAND_bytes(&byte, 1)
                RAND_priv_bytes(&byte, 1)
                ERR_clear_error()
                EndingThreads.ready.add(1, ordering: .releasing)
                while !EndingThreads.mayEnd.load(ordering: .acquiring) { usleep(1000) }
                EndingThreads.ending.add(1, ordering: .releasing)
                return nil
            }, nil)
        pthread_detach(thread)
    }
}
