/// Notices that have been told. Whatever strangers send, they stay few.
struct ToldNotices: Sendable {
    /// Until when each counts as told.
    private var told: [Notice: Instant] = [:]

    /// More than that at once come from forged addresses and are not told.
    private static let most = 512

    /// Whether it is to be told; it counts as told from then on, until it was not seen for so long.
    mutating func isNew(_ notice: Notice, at now: Instant, quiet: Duration) -> Bool {
        let end = now.advanced(by: quiet)
        if let until = told[notice] {
            told[notice] = end
            return until < now
        }
        if told.count >= Self.most { told = told.filter { $0.value >= now } }
        guard told.count < Self.most else { return false }
        told[notice] = end
        return true
    }
}
