import CLinux
import VRRP

/// Whether VRRP passes from one host to others: a few advertisements of a virtual router that nobody has, sent and heard by the
/// sockets that the daemon speaks by, so through all filters of the hosts and of what lies between them.
enum Trial {
    /// How many are sent.
    static let count = 3
    /// The lowest that a router can speak with as master: whoever has that virtual router all the same stays master of it.
    static let priority: UInt8 = 1
    /// Between two of them, in microseconds.
    private static let pause: UInt32 = 200_000

    /// Sends them and says nothing.
    ///
    /// - Returns: the exit status.
    static func send(_ options: TrialOptions) throws(SystemError) -> Int32 {
        let socket = try open(options)
        let family = options.source.family
        let advertisement = Advertisement(
            version: family == .ipv4 ? .v2 : .v3, virtualRouterID: options.virtualRouterID, priority: priority,
            interval: .seconds(1), addresses: [options.source])
        for number in 0..<count {
            if number > 0 { usleep(pause) }
            for destination in options.peers.isEmpty ? [family.multicastGroup] : options.peers {
                socket.send(
                    advertisement.encoded(from: options.source, to: destination, checksum: .withPseudoHeader),
                    from: options.source, to: destination, sender: "trial")
            }
            var refusal: Int32?
            socket.flush { refusal = $1 }
            if let refusal { throw SystemError("sending an advertisement by \(options.interface)", errno: refusal) }
        }
        return 0
    }

    /// Hears them: says `hearing` once it does, and, when it is told to end or its time is up, who was heard.
    ///
    /// - Returns: the exit status.
    static func hear(_ options: TrialOptions) throws(SystemError) -> Int32 {
        let signals = try SignalDescriptor([SIGTERM, SIGINT])
        let socket = try open(options)
        try socket.accept(
            virtualRouterIDs: [options.virtualRouterID],
            groups: options.peers.isEmpty ? [options.source.family.multicastGroup] : [])
        say("hearing")
        let incoming = IncomingMessages()
        var senders: [IPAddress] = []
        let end = EventLoop.read().advanced(by: .seconds(options.seconds))
        while true {
            let left = EventLoop.read().duration(to: end)
            guard left > .zero else { break }
            var waiting = [socket.descriptor, signals.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&waiting, 2, Int32(left.wholeNanoseconds / 1_000_000 + 1)) > 0 else { continue }
            // What has come in is taken before the end.
            socket.receive(with: incoming) { event in
                guard let sender = sender(of: event, options), !senders.contains(sender) else { return }
                senders.append(sender)
            }
            if waiting[1].revents != 0 { break }
        }
        for sender in senders { say("heard\t\(sender)") }
        return 0
    }

    /// Who sent what is one of these; nil for anything else.
    static func sender(of event: Event, _ options: TrialOptions) -> IPAddress? {
        guard case .received(let advertisement, let reception) = event, advertisement.priority == priority,
            advertisement.virtualRouterID == options.virtualRouterID, reception.hopLimit == 255
        else { return nil }
        return reception.source
    }

    private static func open(_ options: TrialOptions) throws(SystemError) -> VRRPSocket {
        let index = if_nametoindex(options.interface)
        guard index > 0 else { throw SystemError("looking for \(options.interface)") }
        return try VRRPSocket(interface: options.interface, index: index, family: options.source.family)
    }

    /// At once, also where nobody sits at a terminal.
    private static func say(_ line: String) {
        let octets = Array((line + "\n").utf8)
        write(1, octets, octets.count)
    }
}

/// The options of `trial`.
struct TrialOptions: Hashable {
    var interface: String
    /// One that nobody has.
    var virtualRouterID: UInt8
    /// This host's.
    var source: IPAddress
    /// The others', where they are spoken to by address; empty for multicast.
    var peers: [IPAddress] = []
    /// After which hearing ends in any case.
    var seconds = 60

    init(interface: String, virtualRouterID: UInt8, source: IPAddress, peers: [IPAddress] = [], seconds: Int = 60) {
        self.interface = interface
        self.virtualRouterID = virtualRouterID
        self.source = source
        self.peers = peers
        self.seconds = seconds
    }

    /// Takes its options from the words.
    init(_ words: inout ArraySlice<String>) throws(UsageError) {
        var (interface, number, source) = (String?.none, UInt8?.none, IPAddress?.none)
        var (peers, seconds): ([IPAddress], Int) = ([], 60)
        while let word = words.first {
            switch word {
            case "--interface": interface = try RunOptions.value(&words)
            case "--virtual-router-id":
                number = UInt8(try RunOptions.value(&words))
                guard number != nil, number != 0 else { throw UsageError("--virtual-router-id wants 1 to 255") }
            case "--source":
                source = IPAddress(try RunOptions.value(&words))
                guard source != nil else { throw UsageError("--source wants an address") }
            case "--to":
                for text in try RunOptions.value(&words).split(separator: ",") {
                    guard let peer = IPAddress(String(text)) else {
                        throw UsageError("--to wants addresses, separated by commas")
                    }
                    peers.append(peer)
                }
            case "--seconds":
                guard let value = Int(try RunOptions.value(&words)), (1...86400).contains(value) else {
                    throw UsageError("--seconds wants seconds from 1 to 86400")
                }
                seconds = value
            default: throw UsageError("\(word) is not understood here")
            }
        }
        guard let interface, let number, let source else {
            throw UsageError("trial wants --interface NIC, --virtual-router-id N and --source ADDRESS")
        }
        guard peers.allSatisfy({ $0.family == source.family }) else {
            throw UsageError("--source and --to are of one family")
        }
        self.init(interface: interface, virtualRouterID: number, source: source, peers: peers, seconds: seconds)
    }
}
