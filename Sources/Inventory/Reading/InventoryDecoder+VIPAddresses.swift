import VRRP
import YAMLReading

extension InventoryDecoder {
    func interfaceAddress(in section: YAMLSection) -> InterfaceAddress? {
        let remedy = "Write the address with the prefix length of its subnet: `address: 172.16.122.100/24`."
        guard let text = section.text("address", required: remedy, expected: "an IPv4 address with a prefix length")
        else { return nil }
        let reading = VIPAddressReading(
            path: section.path(of: "address"), what: "an IPv4 address", longestPrefix: "1 to 32", remedy: remedy
        ) { IPAddress(ofInventory: $0) }
        return reading.read(text, shown: shown(text), at: faults.place(section.path(of: "address")), faults)
    }

    func interfaceAddresses(in section: YAMLSection) -> [InterfaceAddress]? {
        let remedy =
            "Write addresses with the prefix length of their subnet: `addresses: [172.16.122.100/24, \"2001:db8::100/64\"]`."
        guard section.pair("addresses", required: remedy) != nil,
            let texts = section.texts("addresses", expected: "a list of addresses", remedy: remedy)
        else { return nil }
        guard !texts.isEmpty else {
            section.fault("addresses", "`\(section.path(of: "addresses"))` is empty", remedy)
            return nil
        }
        let reading = VIPAddressReading(
            path: section.path(of: "addresses"), what: "an address", longestPrefix: "1 to 32, or to 128 of IPv6",
            remedy: remedy
        ) { IPAddress(String($0)) }
        let addresses = texts.compactMap { reading.read($0.value, shown: shown($0.value), at: $0.place, faults) }
        return addresses.count == texts.count ? addresses : nil
    }
}

/// Reads an address with its prefix length.
private struct VIPAddressReading {
    var path: String
    var what: String
    var longestPrefix: String
    var remedy: String
    var address: (Substring) -> IPAddress?

    /// - Parameter shown: the text as a message may show it.
    func read(_ text: String, shown: String, at place: SourcePlace, _ faults: Faults) -> InterfaceAddress? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = address(first), parts.count <= 2 else {
            faults.error(place, "`\(path)` is `\(shown)`; expected \(what) with a prefix length", remedy)
            return nil
        }
        let (key, isIPv4) = (path.split(separator: ".").last ?? "", address.family == .ipv4)
        guard parts.count == 2 else {
            let example = isIPv4 ? "\(text)/24" : "\"\(text)/64\""
            faults.error(
                place, "`\(path)` is `\(text)`, without a prefix length",
                "Write `\(key): \(example)`, with the prefix length that `ip -\(isIPv4 ? 4 : 6) addr` shows on the balancers' NIC."
            )
            return nil
        }
        guard let prefix = Notation.integer(parts[1]), (1...address.family.addressLength * 8).contains(prefix) else {
            faults.error(
                place,
                "the prefix length in `\(path)` is `\(shown.drop { $0 != "/" }.dropFirst())`; expected \(longestPrefix)",
                remedy)
            return nil
        }
        return InterfaceAddress(address: address, prefixLength: UInt8(prefix))
    }
}
