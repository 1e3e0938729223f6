import Glibc
import Synchronization

/// A small HTTP server on an address of this machine's alone that can hang, answer badly, and be closed and opened again on the same port.
final class TestServer: Sendable {
    enum Behaviour: Sendable { case answer, hang, fail }

    private struct State {
        var listener: Int32 = -1
        var behaviour = Behaviour.answer
        var accepted = 0
        var held: [Int32] = []
    }

    let port: Int
    private let body: String
    private let address: String
    private let state = Mutex(State())

    /// - Parameter port: any that is free where it is 0.
    init(body: String = "app1", address: String = "127.0.0.1", port: Int = 0) {
        self.body = body
        self.address = address
        let (listener, port) = Self.listen(at: address, on: port)
        self.port = port
        state.withLock { $0.listener = listener }
        serve(listener)
    }

    deinit { close() }

    /// Connections accepted so far.
    var accepted: Int { state.withLock(\.accepted) }

    func behave(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }

    /// Refuses connections from here on.
    func close() {
        state.withLock { state in
            if state.listener >= 0 {
                // Wakes the accepting thread, which closes it.
                shutdown(state.listener, Int32(SHUT_RDWR))
            }
            state.listener = -1
            for descriptor in state.held { Glibc.close(descriptor) }
            state.held = []
        }
    }

    func reopen() {
        let (listener, _) = Self.listen(at: address, on: port)
        state.withLock { $0.listener = listener }
        serve(listener)
    }

    private static func listen(at host: String, on port: Int) -> (Int32, Int) {
        let isSix = host.contains(":")
        let descriptor = socket(isSix ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        precondition(descriptor >= 0, "no socket: \(errno)")
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in6()
        var length = socklen_t(isSix ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        if isSix {
            address.sin6_family = sa_family_t(AF_INET6)
            inet_pton(AF_INET6, host, &address.sin6_addr)
        }
        // The port lies at the same place for both families.
        address.sin6_port = in_port_t(port).bigEndian
        if !isSix {
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    $0.pointee.sin_family = sa_family_t(AF_INET)
                    $0.pointee.sin_addr.s_addr = inet_addr(host)
                }
            }
        }
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var result = bind(descriptor, address, length)
                // The previous listener on this port is closed by its own thread.
                for _ in 0..<1000 where result != 0 {
                    usleep(5000)
                    result = bind(descriptor, address, length)
                }
                if result == 0 { result = Glibc.listen(descriptor, 512) }
                if result == 0 { result = getsockname(descriptor, address, &length) }
                return result
            }
        }
        precondition(result == 0, "cannot listen: \(errno)")
        return (descriptor, Int(in_port_t(bigEndian: address.sin6_port)))
    }

    private func serve(_ listener: Int32) {
        let work = Work { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 { break }
                guard let self else {
                    Glibc.close(descriptor)
                    break
                }
                let behaviour = self.state.withLock { state in
                    state.accepted += 1
                    if state.behaviour == .hang { state.held.append(descriptor) }
                    return state.behaviour
                }
                if behaviour == .hang { continue }
                _ = recv(descriptor, &buffer, buffer.count, 0)
                let status = behaviour == .answer ? "200 OK" : "503 Service Unavailable"
                let answer = "HTTP/1.1 \(status)\r\nContent-Length: \(self.body.utf8.count)\r\n\r\n\(self.body)"
                send(descriptor, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                Glibc.close(descriptor)
            }
            Glibc.close(listener)
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// Waits for a condition; false after a minute. Gives the thread away while it waits: there are as few as processors.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<12000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return false
}
