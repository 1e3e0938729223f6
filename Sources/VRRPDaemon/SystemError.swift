import CLinux

/// A refusal of the kernel.
struct SystemError: Error, CustomStringConvertible {
    /// What was being done, such as `creating the event loop`.
    var doing: String
    var number: Int32

    /// With the present `errno` unless another is given.
    init(_ doing: String, errno number: Int32 = linux_errno()) {
        self.doing = doing
        self.number = number
    }

    var description: String { "\(doing): \(String(cString: strerror(number)))" }
}
