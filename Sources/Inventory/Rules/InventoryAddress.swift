import VRRP

extension IPAddress {
    /// As inventories write it: of IPv4, which is all that they offer; nil for anything else.
    package init?(ofInventory text: some StringProtocol) {
        guard let address = IPAddress(String(text)), address.family == .ipv4 else { return nil }
        self = address
    }

    /// False for 0.0.0.0/8, 127.0.0.0/8, and multicast, reserved and broadcast from 224.0.0.0 on; of IPv6 for multicast and for
    /// the unspecified address, the loopback's and what embeds IPv4 (RFC 4291 section 2.5).
    var canBeAHosts: Bool {
        guard case .v4(let word) = self else {
            if case .v6(0, let low) = self { return low >> 48 != 0 }
            return !isMulticast
        }
        return ![0, 127].contains(word >> 24) && word >> 24 < 224
    }
}
