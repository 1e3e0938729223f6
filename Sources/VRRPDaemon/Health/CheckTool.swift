import VRRP

/// `haprov-vrrpd check …`: one question to HAProxy as a program, so that keepalived can run the same line.
enum CheckTool {
    private static let patience: Duration = .seconds(3)

    /// 0 where HAProxy answers, 1 where it does not, 64 where the words say nothing.
    static func run(_ words: [String]) -> Int32 {
        let target: NetworkCheck.Target
        switch CheckCommand(["haprov-vrrpd", "check"] + words) {
        case .http(let address, let port, let host, let path):
            target = .http(address: address, port: port, host: host, path: path)
        case .statsSocket(let path): target = .statsSocket(path)
        default: return 64
        }
        guard let loop = try? EventLoop() else { return 1 }
        var isGood = false
        let check = NetworkCheck(target, timeout: patience, loop: loop) {
            isGood = $0
            loop.stop()
        }
        loop.run()
        check.cancel()
        return isGood ? 0 : 1
    }
}
