/// Peers that say that they are master while this router is.
struct Rivals: Sendable {
    private struct Rival: Sendable {
        var address: IPAddress
        /// It has given up when nothing was heard until then.
        var silentAt: Instant
    }
    private var rivals: [Rival] = []

    /// More than that come from forged addresses.
    private static let most = 32

    /// In the order in which they were heard first.
    var addresses: [IPAddress] { rivals.map { $0.address } }

    /// When the first of them has been silent for long enough.
    var deadline: Instant? { rivals.lazy.map { $0.silentAt }.min() }

    /// Remembers one; returns whether it is new.
    mutating func heard(_ address: IPAddress, silentAt: Instant) -> Bool {
        if let index = rivals.firstIndex(where: { $0.address == address }) {
            rivals[index].silentAt = silentAt
            return false
        }
        guard rivals.count < Self.most else { return false }
        rivals.append(Rival(address: address, silentAt: silentAt))
        return true
    }

    /// Forgets one that has given up; returns whether it was there.
    mutating func forget(_ address: IPAddress) -> Bool {
        guard let index = rivals.firstIndex(where: { $0.address == address }) else { return false }
        rivals.remove(at: index)
        return true
    }

    /// Forgets and returns those that have been silent for long enough.
    mutating func silent(at now: Instant) -> [IPAddress] {
        guard rivals.contains(where: { $0.silentAt <= now }) else { return [] }
        let silent = rivals.filter { $0.silentAt <= now }.map { $0.address }
        rivals.removeAll { $0.silentAt <= now }
        return silent
    }

    /// Forgets and returns all of them.
    mutating func removeAll() -> [IPAddress] {
        let all = addresses
        rivals = []
        return all
    }
}
