import CLinux
import VRRP

/// Puts virtual addresses on NICs and takes them away, by one write a turn, and keeps alive those that are there.
final class AddressKeeper {
    private struct Change {
        var address: VirtualAddress
        var isRemoval: Bool
    }

    private let host: HostWatch
    private let log: Log
    private let socket: NetlinkSocket
    private(set) var held = HeldAddresses()
    private var pending = NetlinkRequests()
    /// What each request that waits is for.
    private var changes: [Change] = []
    private var refused: Set<VirtualAddress> = []
    /// The kernel took one away that is held, along with one that was to go.
    var onLoss: (VirtualAddress) -> Void = { _ in }

    init(host: HostWatch, log: Log) throws(SystemError) {
        self.host = host
        self.log = log
        socket = try NetlinkSocket()
        // What it changes itself it need not be told.
        try host.ignoreChanges(by: socket)
    }

    /// From now on it is this host's. An address whose NIC is not there comes with the next refresh after it has appeared.
    func add(_ address: VirtualAddress) {
        guard !isHostsOwn(address) else { return }
        held.insert(address)
        guard let index = host.interfaces.index(address.interface) else { return }
        pending.add(
            address, to: index, lifetime: held.lifetime(of: address), sequence: note(address, isRemoval: false))
    }

    /// It is no longer this host's.
    func remove(_ address: VirtualAddress) {
        guard !isHostsOwn(address) else { return }
        held.remove(address)
        refused.remove(address)
        guard let index = host.interfaces.index(address.interface) else { return }
        pending.remove(
            address.address, prefixLength: address.prefixLength, from: index,
            sequence: note(address, isRemoval: true))
    }

    /// Removes what of these addresses is on a NIC although it is not held: an earlier daemon may have left it.
    func removeStale(_ virtual: Set<IPAddress>, on interfaces: Set<String>) {
        for name in interfaces {
            for present in host.interfaces.addresses(name) where virtual.contains(present.address) {
                let address = VirtualAddress(
                    address: present.address, prefixLength: present.prefixLength, interface: name)
                if held.find(address.address, prefixLength: address.prefixLength, interface: name) != nil { continue }
                if isHostsOwn(address) {
                    log(
                        .error,
                        "\(address.address) is \(name)'s own only address, which is left alone: a virtual address cannot "
                            + "be that; choose another")
                    continue
                }
                log(
                    .warning,
                    "\(address.address)/\(address.prefixLength) is on \(name) already, "
                        + (present.isPermanent ? "put there for good by somebody else" : "left by an earlier run")
                        + ": it is removed")
                remove(address)
            }
        }
    }

    /// Whether the NIC would be without an address for good: such a one was never put there by VRRP, and whoever is logged in
    /// by it would be cut off.
    private func isHostsOwn(_ address: VirtualAddress) -> Bool {
        let lasting = host.interfaces.addresses(address.interface).filter {
            $0.isPermanent && $0.address.family == address.address.family && !$0.address.isLinkLocal
        }
        return lasting.map { $0.address } == [address.address]
    }

    /// Gives every address that is held a new lifetime.
    func refresh() {
        guard !held.addresses.isEmpty else { return }
        write(held.refreshRequests { host.interfaces.index($0) }) { [self] sequence in
            held.addresses.indices.contains(sequence - 1)
                ? Change(address: held.addresses[sequence - 1], isRemoval: false) : nil
        }
    }

    /// How long the kernel keeps each address without a refresh, from the next one on.
    func keep(_ lifetimes: [VirtualAddress: UInt32]) { held.lifetimes = lifetimes }

    /// NICs have other numbers now.
    func interfacesChanged() { held.interfacesChanged() }

    /// Does what has gathered, and what follows from it.
    func flush() {
        while !pending.isEmpty {
            let (requests, noted) = (pending, changes)
            pending.removeAll()
            changes.removeAll(keepingCapacity: true)
            write(requests) { place in noted.indices.contains(place - 1) ? noted[place - 1] : nil }
        }
    }

    /// Requests that would remove all that is held.
    var removals: [UInt8] {
        var requests = NetlinkRequests()
        for address in held.addresses {
            guard let index = host.interfaces.index(address.interface) else { continue }
            requests.remove(address.address, prefixLength: address.prefixLength, from: index, sequence: 0)
        }
        return requests.octets
    }

    private func note(_ address: VirtualAddress, isRemoval: Bool) -> UInt32 {
        changes.append(Change(address: address, isRemoval: isRemoval))
        return UInt32(changes.count)
    }

    private func write(_ requests: NetlinkRequests, change: (Int) -> Change?) {
        do throws(SystemError) {
            let lost = try socket.carryOut(requests) { number, sequence in
                if let change = change(Int(sequence)) { report(change, number) }
            }
            if let lost { makeGood(lost) } else if !requests.removals.isEmpty { refresh() }
        } catch {
            log(.error, "\(error)")
        }
    }

    /// What the kernel took away along with what was to go comes back: the host's own addresses as they were, and before
    /// anybody looks; held ones are the election's matter.
    private func makeGood(_ lost: [NetlinkMessage.Address]) {
        var requests = NetlinkRequests()
        var own: [NetlinkMessage.Address] = []
        var held: [VirtualAddress] = []
        for address in lost {
            let name = host.interfaces.name(address.index) ?? ""
            if let found = self.held.find(address.address, prefixLength: address.prefixLength, interface: name) {
                held.append(found)
            } else {
                own.append(address)
                requests.putBack(address, sequence: UInt32(own.count))
            }
        }
        if !own.isEmpty {
            var isRefused: [Int: Int32] = [:]
            do throws(SystemError) {
                _ = try socket.carryOut(requests) { number, sequence in isRefused[Int(sequence) - 1] = number }
            } catch { log(.error, "\(error)") }
            for (place, address) in own.enumerated() {
                let text = "\(address.address)/\(address.prefixLength)"
                let name = host.interfaces.name(address.index) ?? "?"
                if let number = isRefused[place] {
                    log(.error, "\(text) cannot be put back on \(name): \(String(cString: strerror(number)))")
                    host.note(.address(address, isGone: true))
                } else {
                    log(
                        .warning,
                        "the kernel took \(text) from \(name) along with a virtual address of its subnet: it is put back "
                            + "(`promote_secondaries` avoids that)")
                }
            }
        }
        for address in held { onLoss(address) }
    }

    private func report(_ change: Change, _ number: Int32) {
        // Gone already, or its NIC is: that is what was wanted.
        if change.isRemoval && (number == EADDRNOTAVAIL || number == ENODEV) { return }
        guard refused.insert(change.address).inserted else { return }
        let address = change.address
        log(
            .warning,
            "\(address.address)/\(address.prefixLength) cannot be "
                + (change.isRemoval ? "removed from" : "put on")
                + " \(address.interface): \(String(cString: strerror(number)))")
    }
}
