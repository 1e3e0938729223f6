import VRRP

/// The NICs of the host and their addresses, as far as the kernel has told.
struct Interfaces {
    private var links: [UInt32: NetlinkMessage.Link] = [:]
    private var indices: [String: UInt32] = [:]
    private var addresses: [UInt32: [NetlinkMessage.Address]] = [:]
    /// How often the last address of a family went: the kernel may have switched the family off on the NIC, as it does with
    /// IPv6 below an MTU of 1280.
    private var generations: [UInt32: [AddressFamily: Int]] = [:]

    /// Nothing is known yet.
    init() {}

    /// Begins anew and remembers what only the earlier messages told.
    init(after other: Interfaces) { generations = other.generations }

    /// Takes in what the kernel says.
    ///
    /// - Returns: the names of the NICs that something may have changed about.
    mutating func apply(_ message: NetlinkMessage) -> [String] {
        switch message {
        case .link(let link, isGone: true):
            guard let known = links.removeValue(forKey: link.index) else { return [] }
            addresses[link.index] = nil
            generations[link.index] = nil
            if indices[known.name] == link.index { indices[known.name] = nil }
            return [known.name]
        case .link(let link, isGone: false):
            let before = links.updateValue(link, forKey: link.index)
            guard before != link else { return [] }
            if let before, before.name != link.name, indices[before.name] == link.index { indices[before.name] = nil }
            indices[link.name] = link.index
            return before.map { $0.name == link.name ? [link.name] : [$0.name, link.name] } ?? [link.name]
        case .address(let address, let isGone):
            var list = addresses[address.index] ?? []
            let place = list.firstIndex {
                $0.address == address.address && $0.prefixLength == address.prefixLength
            }
            switch (place, isGone) {
            case (let place?, true):
                let family = list.remove(at: place).address.family
                if !list.contains(where: { $0.address.family == family }) {
                    generations[address.index, default: [:]][family, default: 0] += 1
                }
            case (let place?, false): list[place] = address
            case (nil, true): return []
            case (nil, false): list.append(address)
            }
            addresses[address.index] = list
            return links[address.index].map { [$0.name] } ?? []
        case .refusal, .done, .other: return []
        }
    }

    /// The kernel's number for a NIC.
    func index(_ name: String) -> UInt32? { indices[name] }

    /// Another number than before where the NIC had no address of the family meanwhile.
    func generation(_ name: String, _ family: AddressFamily) -> Int {
        indices[name].flatMap { generations[$0]?[family] } ?? 0
    }

    /// Its hardware address; empty where it has none.
    func hardwareAddress(_ name: String) -> [UInt8] {
        indices[name].flatMap { links[$0]?.hardwareAddress } ?? []
    }

    /// All addresses of a NIC, in the kernel's order.
    func addresses(_ name: String) -> [NetlinkMessage.Address] {
        indices[name].flatMap { addresses[$0] } ?? []
    }

    /// Of all NICs.
    var names: Dictionary<String, UInt32>.Keys { indices.keys }

    /// The name of a NIC.
    func name(_ index: UInt32) -> String? { links[index]?.name }

    /// What the election has to know of a NIC.
    ///
    /// - Parameter virtual: addresses that are not the NIC's own.
    func state(_ name: String, without virtual: Set<IPAddress>) -> InterfaceState {
        guard let index = indices[name], let link = links[index] else {
            return InterfaceState(isUp: false, addresses: [])
        }
        let own = (addresses[index] ?? []).filter { $0.isUsable && !virtual.contains($0.address) }
        return InterfaceState(isUp: link.isUp, addresses: own.map { $0.address })
    }
}
