import CLinux
import VRRP

/// What the kernel says by rtnetlink(7), as far as the daemon listens.
enum NetlinkMessage: Hashable {
    /// `RTM_NEWLINK`, `RTM_DELLINK`.
    case link(Link, isGone: Bool)
    /// `RTM_NEWADDR`, `RTM_DELADDR`.
    case address(Address, isGone: Bool)
    /// `NLMSG_ERROR`: a refusal of the request with that sequence number; 0 is none.
    case refusal(number: Int32, sequence: UInt32)
    /// The end of a dump.
    case done
    case other

    /// A NIC.
    struct Link: Hashable {
        var index: UInt32
        var name: String
        /// Administratively up, and with a carrier.
        var isUp: Bool
        /// As long as the kind of NIC has it.
        var hardwareAddress: [UInt8]
    }

    /// An address of a NIC.
    struct Address: Hashable {
        var index: UInt32
        var address: IPAddress
        var prefixLength: UInt8
        /// It can be sent from: duplicate address detection is over and found nothing.
        var isUsable: Bool
        /// Not to be taken away by the kernel.
        var isPermanent: Bool
        /// Of one that is gone: the whole message behind its header, which is all that it takes to put it back.
        var whole: [UInt8] = []

        /// What the kernel knows an address by.
        var identity: Identity { Identity(index: index, address: address, prefixLength: prefixLength) }

        struct Identity: Hashable {
            var index: UInt32
            var address: IPAddress
            var prefixLength: UInt8
        }
    }

    /// Reads all messages of one datagram; what is cut off at its end is left out.
    static func read(_ octets: UnsafeRawBufferPointer, _ body: (NetlinkMessage) -> Void) {
        var offset = 0
        while let length = octets.host(UInt32.self, at: offset), let type = octets.host(UInt16.self, at: offset + 4),
            let sequence = octets.host(UInt32.self, at: offset + 8), length >= 16, Int(length) <= octets.count - offset
        {
            let payload = UnsafeRawBufferPointer(rebasing: octets[(offset + 16)..<(offset + Int(length))])
            body(message(Int(type), sequence, payload))
            offset += (Int(length) + 3) & ~3
        }
    }

    private static func message(_ type: Int, _ sequence: UInt32, _ payload: UnsafeRawBufferPointer) -> NetlinkMessage {
        switch type {
        case Int(RTM_NEWLINK), Int(RTM_DELLINK):
            Link(payload).map { .link($0, isGone: type == Int(RTM_DELLINK)) } ?? .other
        case Int(RTM_NEWADDR), Int(RTM_DELADDR):
            Address(payload, isGone: type == Int(RTM_DELADDR)).map {
                .address($0, isGone: type == Int(RTM_DELADDR))
            } ?? .other
        case Int(NLMSG_ERROR):
            payload.host(Int32.self, at: 0).map { .refusal(number: -$0, sequence: sequence) } ?? .other
        case Int(NLMSG_DONE): .done
        default: .other
        }
    }

    /// The attributes behind a fixed part.
    fileprivate static func attributes(
        _ payload: UnsafeRawBufferPointer, from start: Int, _ body: (Int, UnsafeRawBufferPointer) -> Void
    ) {
        var offset = start
        while let length = payload.host(UInt16.self, at: offset), let type = payload.host(UInt16.self, at: offset + 2),
            length >= 4, Int(length) <= payload.count - offset
        {
            body(Int(type), UnsafeRawBufferPointer(rebasing: payload[(offset + 4)..<(offset + Int(length))]))
            offset += (Int(length) + 3) & ~3
        }
    }
}

extension NetlinkMessage.Link {
    /// From a `struct ifinfomsg` and its attributes.
    fileprivate init?(_ payload: UnsafeRawBufferPointer) {
        // A bridge speaks of its ports by the same messages, in a family of its own.
        guard payload.count >= 16, payload[0] == UInt8(AF_UNSPEC), let index = payload.host(UInt32.self, at: 4),
            let flags = payload.host(UInt32.self, at: 8)
        else { return nil }
        self.index = index
        name = ""
        hardwareAddress = []
        // IFF_UP and IFF_RUNNING.
        isUp = flags & 0x41 == 0x41
        var name = "", hardwareAddress: [UInt8] = []
        NetlinkMessage.attributes(payload, from: 16) { type, data in
            if type == Int(IFLA_IFNAME) { name = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self) }
            if type == Int(IFLA_ADDRESS) { hardwareAddress = Array(data) }
        }
        self.name = name
        self.hardwareAddress = hardwareAddress
    }
}

extension NetlinkMessage.Address {
    /// From a `struct ifaddrmsg` and its attributes.
    fileprivate init?(_ payload: UnsafeRawBufferPointer, isGone: Bool) {
        guard payload.count >= 8, let index = payload.host(UInt32.self, at: 4) else { return nil }
        var flags = UInt32(payload[2])
        var local: IPAddress?, peer: IPAddress?, lifetime = UInt32.max
        NetlinkMessage.attributes(payload, from: 8) { type, data in
            switch type {
            case Int(IFA_LOCAL): local = IPAddress(octets: Array(data))
            case Int(IFA_ADDRESS): peer = IPAddress(octets: Array(data))
            case Int(IFA_FLAGS): flags = data.host(UInt32.self, at: 0) ?? flags
            case Int(IFA_CACHEINFO): lifetime = data.host(UInt32.self, at: 4) ?? lifetime
            default: break
            }
        }
        // IPv6 gives the local address only where there is a peer.
        guard let address = local ?? peer else { return nil }
        self.index = index
        self.address = address
        prefixLength = payload[1]
        isUsable = flags & UInt32(IFA_F_TENTATIVE | IFA_F_DADFAILED) == 0 || flags & UInt32(IFA_F_OPTIMISTIC) != 0
        isPermanent = lifetime == .max
        if isGone { whole = Array(payload) }
    }
}
