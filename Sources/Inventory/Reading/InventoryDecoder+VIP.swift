import VRRP
import YAMLReading

extension InventoryDecoder {
    func decodeVIP(into draft: inout Draft) {
        guard
            let section = root.section(
                "vip", known: InventoryKeys.vip,
                required: "Describe the virtual IP: `vip: { address: 172.16.122.100/24, interface: ens33, "
                    + "virtual_router_id: 51 }`.", elsewhere: InventoryKeys.homes)
        else { return }
        draft.address = interfaceAddress(in: section)
        draft.interface = interface(
            in: section, required: "Name the NIC that carries the VIP, as `ip addr` shows it: `interface: ens33`.")
        draft.virtualRouterID = section.integer(
            "virtual_router_id", in: 1...255,
            required: "Choose a number that no other VRRP router on this network uses: `virtual_router_id: 51`.",
            remedy: "Choose a number that no other VRRP router on this network uses."
        ).map(UInt8.init)
        draft.vrrpVersion =
            section.contains("version")
            ? section.choice("version", of: ["2", "3"]).flatMap(UInt8.init).flatMap(ProtocolVersion.init) : .v2
        draft.interval = interval(in: section, version: draft.vrrpVersion)
        draft.preempt = section.flag("preempt") ?? true
        draft.unicast = section.flag("unicast") ?? false
        draft.password = password(in: section, version: draft.vrrpVersion)
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

    private func interfaceAddress(in section: YAMLSection) -> InterfaceAddress? {
        let remedy = "Write the address with the prefix length of its subnet: `address: 172.16.122.100/24`."
        guard let text = section.text("address", required: remedy, expected: "an IPv4 address with a prefix length")
        else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(ofInventory: first), parts.count <= 2 else {
            section.fault(
                "address", "`vip.address` is `\(shown(text))`; expected an IPv4 address with a prefix length", remedy)
            return nil
        }
        guard parts.count == 2 else {
            section.fault(
                "address", "`vip.address` is `\(text)`, without a prefix length",
                "Write `address: \(text)/24`, with the prefix length that `ip -4 addr` shows on the balancers' NIC.")
            return nil
        }
        guard let prefix = Notation.integer(parts[1]), (1...32).contains(prefix) else {
            section.fault(
                "address", "the prefix length in `vip.address` is `\(shown(String(parts[1])))`; expected 1 to 32",
                remedy)
            return nil
        }
        return InterfaceAddress(address: address, prefixLength: UInt8(prefix))
    }

    /// RFC 3768 counts whole seconds in 8 bits, RFC 5798 centiseconds in 12.
    private func interval(in section: YAMLSection, version: ProtocolVersion?) -> Duration? {
        guard section.pair("advert_int") != nil else { return .seconds(1) }
        guard let text = section.text("advert_int", expected: "a duration such as `1s`") else { return nil }
        guard let value = Notation.milliseconds(text, plainUnit: 1000) else {
            section.fault(
                "advert_int", "`vip.advert_int` is `\(shown(text))`; expected a duration such as `1s` or `100ms`",
                "Write `advert_int: 1s`; a plain number counts seconds.")
            return nil
        }
        if version == .v2 {
            if value % 1000 != 0 || value == 0 {
                section.fault(
                    "advert_int", "`vip.advert_int` is `\(text)`; VRRP version 2 counts whole seconds, from 1s on",
                    "Write `advert_int: 1s`, or `version: 3`, which goes down to 10ms.")
                return nil
            }
            if value > 255_000 {
                section.fault(
                    "advert_int", "`vip.advert_int` is `\(text)`; VRRP version 2 goes up to 255s",
                    "Write `advert_int: 1s`.")
                return nil
            }
        } else if version == .v3, !(10...40_950).contains(value) || value % 10 != 0 {
            section.fault(
                "advert_int",
                "`vip.advert_int` is `\(text)`; VRRP version 3 takes 10ms to 40.95s in steps of 10ms",
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
                "password", "`vip.password` \(problem)",
                "Choose up to \(VRRPPassword.carriedLength) letters and digits.")
            return nil
        }
        return secret
    }
}
