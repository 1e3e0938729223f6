import Foundation
import VRRP

/// A line of an event file, split at spaces; `name=value` words may stand in any order behind the others.
struct Words {
    var number: Int
    var text: String
    private var words: [String]

    init(_ line: Substring, number: Int, text: String) {
        self.number = number
        self.text = text
        words = line.split(separator: " ").map(String.init)
    }

    var malformed: EventFile.Malformed { EventFile.Malformed(line: number, text: text) }
    var first: String? { words.first }

    func word(_ index: Int) throws -> String {
        guard index < words.count else { throw malformed }
        return words[index]
    }

    func all(from index: Int) -> [String] { Array(words.dropFirst(index)) }
    func rest(from index: Int) -> String { all(from: index).joined(separator: " ") }
    func has(_ flag: String) -> Bool { words.contains(flag) }

    func value(_ name: String) -> String? {
        words.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    func list(_ name: String) -> [String] { value(name)?.split(separator: ",").map(String.init) ?? [] }

    /// `3.609375s`, exact to the nanosecond.
    func duration(_ text: String) throws -> Duration {
        let parts = text.dropLast().split(separator: ".", maxSplits: 1)
        guard text.last == "s", let whole = parts.first.flatMap({ Int64($0) }) else { throw malformed }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard fraction.count <= 9,
            let nanoseconds = Int64(fraction + String(repeating: "0", count: 9 - fraction.count))
        else { throw malformed }
        return .nanoseconds(whole * 1_000_000_000 + nanoseconds)
    }

    func duration(named name: String) throws -> Duration? { try value(name).map { try duration($0) } }

    func integer<Integer: FixedWidthInteger>(named name: String) throws -> Integer? {
        guard let value = value(name) else { return nil }
        guard let integer = Integer(value) else { throw malformed }
        return integer
    }

    func address(_ text: String) throws -> IPAddress {
        guard let address = IPAddress(text) else { throw malformed }
        return address
    }

    /// `10.0.0.100/24`, `10.0.0.100/24@eth1`, `10.0.0.100/24@eth0:label`
    func virtualAddress(_ text: String, nic: String) throws -> VirtualAddress {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        let prefixed = parts[0].split(separator: "/").map(String.init)
        guard prefixed.count == 2, let length = UInt8(prefixed[1]) else { throw malformed }
        let place = parts.count == 2 ? parts[1] : nic
        return VirtualAddress(
            address: try address(prefixed[0]), prefixLength: length,
            interface: place.split(separator: ":").first.map(String.init) ?? nic,
            label: place.contains(":") ? place : nil)
    }

    /// `script:NAME`, `process:NAME`, `nic:NAME`
    func target(_ text: String) throws -> TrackTarget {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw malformed }
        switch parts[0] {
        case "script": return .script(parts[1])
        case "process": return .process(parts[1])
        case "nic": return .interface(parts[1])
        case "file": return .file(parts[1])
        default: throw malformed
        }
    }

    /// Each `track=TARGET[/WEIGHT][/reverse]`.
    func tracked() throws -> [TrackedItem] {
        try words.filter { $0.hasPrefix("track=") }.map { word in
            let parts = word.dropFirst(6).split(separator: "/").map(String.init)
            return TrackedItem(
                target: try target(parts[0]), weight: parts.count > 1 ? Int(parts[1]) ?? 0 : 0,
                isReversed: parts.last == "reverse")
        }
    }

    func router() throws -> RouterSettings {
        let nic = value("nic") ?? "eth0"
        let addresses = try list("address").map { try virtualAddress($0, nic: nic) }
        var settings = RouterSettings(
            name: try word(1), interface: nic, virtualRouterID: try integer(named: "vrid") ?? 51, addresses: addresses)
        settings.family = addresses.first?.address.family ?? .ipv4
        if has("v3") { settings.version = .v3 }
        settings.priority = try integer(named: "priority") ?? 100
        settings.advertisementInterval = try duration(named: "interval") ?? .seconds(1)
        settings.preempt = !has("nopreempt")
        settings.preemptDelay = try duration(named: "preempt-delay") ?? .zero
        settings.startsAsMaster = has("master")
        settings.excludedAddresses = try list("excluded").map { try virtualAddress($0, nic: nic) }
        settings.routes.routes = try list("routes").map {
            let route = try virtualAddress($0, nic: nic)
            return VirtualRoute(
                destination: AddressPrefix(address: route.address, length: route.prefixLength),
                interface: route.interface)
        }
        if let password = value("password") { settings.authentication = .simple(Password(password)) }
        settings.sourceAddress = try value("source").map(address)
        settings.unicastPeers = try list("peers").map(address)
        settings.checksUnicastSource = has("check-source")
        // peer-hops=10.0.0.2/64-255
        for word in list("peer-hops") {
            let parts = word.split(whereSeparator: { "/-".contains($0) }).map(String.init)
            guard parts.count == 3, let least = UInt8(parts[1]), let most = UInt8(parts[2]) else { throw malformed }
            settings.peerHopLimits[try address(parts[0])] = least...most
        }
        settings.tracksInterface = !has("untracked")
        settings.tracked = try tracked()
        settings.announcements = try announcements()
        return settings
    }

    private func announcements() throws -> AnnouncementSettings {
        var settings = AnnouncementSettings()
        // Most files are about something else.
        settings.delay = try duration(named: "again") ?? .zero
        settings.count = try integer(named: "announce") ?? 1
        settings.countAfterDelay = try integer(named: "announce-again") ?? 1
        settings.refresh = try duration(named: "refresh") ?? .zero
        settings.refreshCount = try integer(named: "announce-refresh") ?? 1
        settings.countAfterLowerPriority = try integer(named: "announce-lower")
        settings.delayAfterLowerPriority = try duration(named: "again-lower")
        return settings
    }

    /// What the first router's peer would send, but for what is said otherwise.
    func advertisement(_ routers: [RouterSettings]) throws -> (Advertisement, Reception) {
        guard let like = routers.first(where: { $0.name == value("like") }) ?? routers.first,
            let priority: UInt8 = try integer(named: "priority")
        else { throw malformed }
        let others = try list("addresses").map(address)
        let advertisement = Advertisement(
            version: value("version").map { $0 == "3" ? .v3 : .v2 } ?? like.version,
            virtualRouterID: try integer(named: "vrid") ?? like.virtualRouterID, priority: priority,
            interval: try duration(named: "interval") ?? like.advertisementInterval,
            addresses: others.isEmpty ? like.addresses.map(\.address) : others,
            authentication: value("password").map { .simple(Password($0)) } ?? like.authentication)
        return (advertisement, try reception(nic: like.interface))
    }

    func reception(nic: String = "eth0") throws -> Reception {
        guard let source = try value("from").map(address) else { throw malformed }
        return Reception(
            interface: value("nic") ?? nic, source: source,
            destination: try value("to").map(address) ?? source.family.multicastGroup,
            hopLimit: try integer(named: "hops") ?? 255)
    }
}
