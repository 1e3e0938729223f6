import VRRP

extension KeepalivedConfiguration {
    /// By when every check has had its first result, or has failed for lack of one.
    var firstCheckLimit: Duration {
        let longest = scripts.map { $0.timeout ?? $0.interval ?? .seconds(1) }.max() ?? .zero
        return longest + .seconds(1)
    }
}
