import CLinux
import VRRP

/// `promote_secondaries`: on these NICs the kernel keeps the other addresses of a subnet when the first one goes. What is
/// switched on here is switched off again at the end, as keepalived does.
final class SecondaryPromotion {
    private let log: Log
    private var switched: Set<String> = []
    private var refused: Set<String> = []

    init(log: Log) { self.log = log }

    /// Switches it on where it is off. A NIC that is made anew begins without it.
    func begin(on interfaces: Set<String>) {
        for name in interfaces where isOn(name) == false {
            if write(name, "1") { switched.insert(name) } else { complain(name) }
        }
    }

    /// Switches it off on all other NICs where it was off before.
    func keep(_ interfaces: Set<String>) {
        for name in switched.subtracting(interfaces) {
            _ = write(name, "0")
            switched.remove(name)
        }
    }

    private func complain(_ name: String) {
        let why = String(cString: strerror(linux_errno()))
        guard refused.insert(name).inserted else { return }
        log(.warning, "promote_secondaries cannot be switched on for \(name): \(why)")
    }

    private func path(_ name: String) -> String { "/proc/sys/net/ipv4/conf/\(name)/promote_secondaries" }

    /// Nil where there is no such NIC.
    private func isOn(_ name: String) -> Bool? { KernelSetting.read(path(name)).map { $0 != 0 } }

    private func write(_ name: String, _ text: String) -> Bool {
        let descriptor = linux_open(path(name), O_WRONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return CLinux.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}
