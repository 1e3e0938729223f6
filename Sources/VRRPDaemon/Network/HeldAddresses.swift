import CLinux
import VRRP

/// The virtual addresses that this host has at the moment, with the requests that keep them alive ready to be written.
struct HeldAddresses {
    /// Seconds until the kernel takes each address away that is not refreshed; ``leastLifetime`` where it is not named.
    var lifetimes: [VirtualAddress: UInt32] = [:] {
        didSet { if lifetimes != oldValue { refresh = nil } }
    }
    /// Less than 2 s is not kept reliably by the kernel.
    static let leastLifetime: UInt32 = 2
    /// Between two refreshes.
    static let refreshInterval: Duration = .seconds(1)

    /// In the order in which they were added.
    private(set) var addresses: [VirtualAddress] = []
    private var known: Set<VirtualAddress> = []
    private var refresh: NetlinkRequests?

    /// The one that stands on a NIC with that prefix length.
    func find(_ address: IPAddress, prefixLength: UInt8, interface: String) -> VirtualAddress? {
        addresses.first { $0.address == address && $0.prefixLength == prefixLength && $0.interface == interface }
    }

    /// Seconds until the kernel takes it away.
    func lifetime(of address: VirtualAddress) -> UInt32 { lifetimes[address] ?? Self.leastLifetime }

    mutating func insert(_ address: VirtualAddress) {
        guard known.insert(address).inserted else { return }
        addresses.append(address)
        refresh = nil
    }

    mutating func remove(_ address: VirtualAddress) {
        guard known.remove(address) != nil else { return }
        addresses.removeAll { $0 == address }
        refresh = nil
    }

    /// NICs have other numbers now.
    mutating func interfacesChanged() { refresh = nil }

    /// One request an address; its place among ``addresses`` is its sequence number less 1.
    mutating func refreshRequests(index: (String) -> UInt32?) -> NetlinkRequests {
        if let refresh { return refresh }
        var requests = NetlinkRequests()
        for (place, address) in addresses.enumerated() {
            guard let index = index(address.interface) else { continue }
            requests.add(address, to: index, lifetime: lifetime(of: address), sequence: UInt32(place + 1))
        }
        refresh = requests
        return requests
    }
}
