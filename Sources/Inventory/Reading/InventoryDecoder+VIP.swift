import VRRP
import YAMLReading

extension InventoryDecoder {
    /// The one VIP or the several.
    func decodeVIPs(into draft: inout Draft) {
        let shared = root.section("vrrp", known: InventoryKeys.vrrp, elsewhere: InventoryKeys.homes)
        let entries = vipEntries()
        draft.vipsAreComplete = entries != nil
        let addresses = (entries ?? []).map { entry in
            entry.isOnly ? interfaceAddress(in: entry.section).map { [$0] } : interfaceAddresses(in: entry.section)
        }
        // Version 2 has no IPv6.
        let hasIPv6 = addresses.contains { $0?.contains { $0.address.family == .ipv6 } ?? false }
        draft.vips = zip(entries ?? [], addresses).map { entry, addresses in
            var vip = self.vip(entry, shared: shared, usualVersion: hasIPv6 ? .v3 : .v2)
            vip.addresses = addresses
            return vip
        }
    }

    /// A section that describes a VIP.
    private struct VIPEntry {
        var name: String
        var section: YAMLSection
        /// Whether it is that of `vip`.
        var isOnly: Bool
    }

    /// Nil where any of them could not be read.
    private func vipEntries() -> [VIPEntry]? {
        guard root.contains("vips") else {
            let section = root.section(
                "vip", known: InventoryKeys.vip,
                required: "Describe the virtual IP: `vip: { address: 172.16.122.100/24, interface: ens33, "
                    + "virtual_router_id: 51 }`.", elsewhere: InventoryKeys.homes)
            return section.map { [VIPEntry(name: VRRPInstance.onlyVIP, section: $0, isOnly: true)] }
        }
        guard !root.contains("vip") else {
            root.fault(
                "vips", "the inventory has both `vip` and `vips`",
                "Keep `vips`. What `vip` says becomes an entry of it: called \(VRRPInstance.onlyVIP), as it is in "
                    + "keepalived.conf, it stays where it is.")
            return nil
        }
        let example = "web: { addresses: [172.16.122.100/24], virtual_router_id: 51, prefer: [haproxy1, haproxy2] }"
        guard let group = root.section("vips", known: nil, required: "Describe the VIPs: `vips: { \(example) }`.")
        else {
            return nil
        }
        guard !group.pairs.isEmpty else {
            root.fault("vips", "`vips` is empty", "Add at least one: `\(example)`.")
            return nil
        }
        let entries = group.pairs.compactMap { pair -> VIPEntry? in
            guard checkName(of: pair, what: "VIP"),
                let section = group.section(
                    pair.key, known: InventoryKeys.vips, required: "Write `\(example)`.",
                    elsewhere: InventoryKeys.homes)
            else { return nil }
            return VIPEntry(name: pair.key, section: section, isOnly: false)
        }
        return entries.count == group.pairs.count && !group.isIncomplete ? entries : nil
    }

    private func vip(_ entry: VIPEntry, shared: YAMLSection?, usualVersion: ProtocolVersion) -> Draft.VIPDraft {
        let section = entry.section
        /// Where a key stands: in the VIP's own section, or below `vrrp`.
        func home(_ key: String) -> YAMLSection {
            guard let shared, section.pair(key) == nil, shared.pair(key) != nil else { return section }
            return shared
        }
        var vip = Draft.VIPDraft(
            name: entry.name, path: section.path, passwordPath: home("password").path(of: "password"))
        vip.interface = interface(
            in: home("interface"),
            required: "Name the NIC that carries the VIP, as `ip addr` shows it: `interface: ens33`.")
        vip.virtualRouterID = section.integer(
            "virtual_router_id", in: 1...255,
            required: "Choose a number that no other VRRP router on this network uses: `virtual_router_id: 51`.",
            remedy: "Choose a number that no other VRRP router on this network uses."
        ).map(UInt8.init)
        let version = home("version")
        vip.version =
            version.contains("version")
            ? version.choice("version", of: ["2", "3"]).flatMap(UInt8.init).flatMap(ProtocolVersion.init) : usualVersion
        vip.interval = interval(in: home("advert_int"), version: vip.version)
        vip.preempt = home("preempt").flag("preempt") ?? true
        vip.unicast = home("unicast").flag("unicast") ?? false
        vip.password = password(in: home("password"), version: vip.version)
        if !entry.isOnly {
            vip.preference = preference(in: section)
            if section.pair("sync_group") != nil {
                vip.syncGroup = name("sync_group", in: section, required: "Name the group: `sync_group: pair`.")
            }
        }
        return vip
    }

    /// Who is to hold an entry of `vips`.
    private func preference(in section: YAMLSection) -> Draft.VIPDraft.Preference {
        let remedy = "List every balancer, the one first that is to hold it: `prefer: [haproxy1, haproxy2]`."
        if section.pair("priorities") != nil {
            if section.pair("prefer") != nil {
                section.fault(
                    "priorities", "`\(section.path)` has both `prefer` and `priorities`", "Keep one of the two.")
                return .faulty
            }
            return priorities(in: section)
        }
        guard section.pair("prefer", required: remedy) != nil,
            let hosts = section.texts("prefer", expected: "a list of balancers", remedy: remedy)
        else { return .faulty }
        return .order(hosts)
    }

    private func priorities(in section: YAMLSection) -> Draft.VIPDraft.Preference {
        guard let group = section.section("priorities", known: nil) else { return .faulty }
        let remedy = "Give each balancer its own number; the highest holds the VIP."
        let numbers = group.pairs.compactMap { pair -> (host: YAMLSection.Located<String>, priority: UInt8)? in
            guard let number = group.integer(pair.key, in: 1...254, required: remedy, remedy: remedy) else {
                return nil
            }
            return (YAMLSection.Located(value: pair.key, place: pair.place), UInt8(number))
        }
        return numbers.count == group.pairs.count && !group.isIncomplete ? .numbers(numbers) : .faulty
    }

    /// The NIC's name, where one is given.
    func interface(in section: YAMLSection, required: String? = nil) -> String? {
        guard let text = section.text("interface", required: required, expected: "the name of a NIC") else {
            return nil
        }
        guard Words.isInterface(text) else {
            section.fault(
                "interface",
                "`\(section.path(of: "interface"))` is `\(shown(text))`; Linux names NICs with at most 15 letters, "
                    + "digits, `.`, `_` and `-`",
                "Copy the name from `ip addr`; an alias such as eth0:1 is not needed.")
            return nil
        }
        return text
    }

    /// RFC 3768 counts whole seconds in 8 bits, RFC 5798 centiseconds in 12.
    private func interval(in section: YAMLSection, version: ProtocolVersion?) -> Duration? {
        let path = section.path(of: "advert_int")
        guard section.pair("advert_int") != nil else { return .seconds(1) }
        guard let text = section.text("advert_int", expected: "a duration such as `1s`") else { return nil }
        guard let value = Notation.milliseconds(text, plainUnit: 1000) else {
            section.fault(
                "advert_int", "`\(path)` is `\(shown(text))`; expected a duration such as `1s` or `100ms`",
                "Write `advert_int: 1s`; a plain number counts seconds.")
            return nil
        }
        if version == .v2 {
            if value % 1000 != 0 || value == 0 {
                section.fault(
                    "advert_int", "`\(path)` is `\(text)`; VRRP version 2 counts whole seconds, from 1s on",
                    "Write `advert_int: 1s`, or `version: 3`, which goes down to 10ms.")
                return nil
            }
            if value > 255_000 {
                section.fault(
                    "advert_int", "`\(path)` is `\(text)`; VRRP version 2 goes up to 255s",
                    "Write `advert_int: 1s`.")
                return nil
            }
        } else if version == .v3, !(10...40_950).contains(value) || value % 10 != 0 {
            section.fault(
                "advert_int",
                "`\(path)` is `\(text)`; VRRP version 3 takes 10ms to 40.95s in steps of 10ms",
                "Write `advert_int: 100ms` or `advert_int: 1s`.")
            return nil
        }
        return .milliseconds(value)
    }

    private func password(in section: YAMLSection, version: ProtocolVersion?) -> Secret? {
        guard section.contains("password") else { return nil }
        if version == .v3 {
            section.fault(
                "password", "VRRP version 3 has no password (RFC 5798 dropped authentication)",
                "Remove `password`, or write `version: 2`.")
            return nil
        }
        guard let secret = secret("password", in: section) else { return nil }
        if case .text(let text) = secret, let problem = VRRPPassword.problem(text) {
            section.fault(
                "password", "`\(section.path(of: "password"))` \(problem)",
                "Choose up to \(VRRPPassword.carriedLength) letters and digits.")
            return nil
        }
        return secret
    }
}
