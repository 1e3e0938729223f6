import VRRP

extension Notice {
    /// How urgent it is.
    var level: Log.Level {
        switch self {
        case .splitBrainHealed, .addressRestored, .priorityClamped: .notice
        default: .warning
        }
    }

    /// For the log.
    var text: String {
        switch self {
        case .splitBrain(let router, let peer, let priority):
            "\(router): \(peer) is master too, with priority \(priority) (split brain)"
        case .splitBrainHealed(let router, let peer): "\(router): only one master is left, \(peer) is none any more"
        case .wrongAuthentication(let router, let peer):
            "\(router): \(peer) has another password or kind of authentication; its advertisements are dropped"
        case .intervalMismatch(let router, let peer, let theirs): "\(router): \(peer) advertises every \(theirs)"
        case .addressMismatch(let router, let peer, let theirs):
            "\(router): \(peer) has other addresses: \(theirs.map { $0.description }.joined(separator: ", "))"
        case .versionMismatch(let router, let peer, let theirs):
            "\(router): \(peer) speaks version \(theirs.rawValue); its advertisements are dropped"
        case .wrongHopLimit(let router, let peer, let hopLimit):
            "\(router): an advertisement of \(peer) came from too far away (hop limit \(hopLimit)); it is dropped"
        case .foreignRouter(let router, let peer):
            "\(router): \(peer) uses the same virtual router ID but does not belong here; its advertisements are dropped"
        case .unlistedPeer(let router, let peer):
            "\(router): \(peer) advertises by unicast but is not in unicast_peer; it counts all the same (list it, or write "
                + "check_unicast_src where strangers are not to be heard)"
        case .malformed(let interface, let peer, let error):
            "\(interface): \(peer) sends what is no advertisement: \(error.text)"
        case .addressRestored(let router, let address):
            "\(router): \(address) was taken away; it is put back"
        case .noSourceAddress(let router, let interface, nil):
            "\(router): \(interface) has no address to send from"
        case .noSourceAddress(let router, let interface, let wanted?):
            "\(router): \(wanted), the address to send from, is not on "
                + (wanted.isLinkLocal ? interface : "this host")
        case .priorityClamped(let router, let wanted):
            "\(router): its weights would make the priority \(wanted), outside 1 to 254"
        }
    }
}

extension DecodeError {
    /// For the log.
    var text: String {
        switch self {
        case .truncated(let length, let needed): "\(length) octets, where \(needed) are needed"
        case .unsupportedVersion(let version): "version \(version)"
        case .unsupportedType(let type): "type \(type)"
        case .wrongChecksum: "the checksum is wrong"
        case .zeroVirtualRouterID: "virtual router ID 0"
        case .noAddresses: "no addresses"
        case .zeroInterval: "an interval of 0"
        }
    }
}
