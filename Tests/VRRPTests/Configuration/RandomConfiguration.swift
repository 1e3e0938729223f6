import VRRP

/// Configurations at random that keepalived accepts, with words of every kind in them.
struct RandomConfiguration {
    static let interfaces = ["eth0", "eth1", "ens33", "ens192"]

    private var random: SplitMix
    private var names = 0

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    private mutating func chance() -> Bool { Bool.random(using: &random) }

    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? { chance() ? value(&self) : nil }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Signs that mean something to the reader, but no double quote, and no single backslash at the end.
    private mutating func word(
        _ signs: [String] = ["a", "b", "Z", "0", "-", "é", "#", "!", "{", "}", " ", "\\", "'", "$"]
    )
        -> String
    {
        (0..<number(0...5)).map { _ in pick(signs) }.joined() + pick(["x", "9", "x\\\\"])
    }

    private mutating func name() -> String {
        names += 1
        return word() + "\(names)"
    }

    private mutating func command() -> [String] {
        let signs = ["a", "0", "-", "é", "#", "!", "{", "}", " ", "\\", "'", "\"", "\n", "\t", "$", "`", ""]
        return ["/bin/true"] + (0..<number(0...3)).map { _ in (0..<number(0...4)).map { _ in pick(signs) }.joined() }
    }

    private mutating func user() -> ScriptUser { ScriptUser(user: "root", group: maybe { _ in "root" }) }

    mutating func make() -> KeepalivedConfiguration {
        var configuration = KeepalivedConfiguration()
        configuration.global = global()
        configuration.scripts = (0..<number(0...2)).map { _ in script() }
        configuration.processes = (0..<number(0...2)).map { _ in process() }
        configuration.files = (0..<number(0...2)).map { _ in file() }
        let version = configuration.global.version ?? .v2
        for number in 1...number(1...4) {
            configuration.instances.append(instance(UInt8(number), version, configuration))
        }
        if configuration.instances.count > 1, chance() {
            var group = GroupDefinition(name: name())
            group.members = configuration.instances.prefix(2).map(\.name)
            group.trackedScripts = references(configuration.scripts.map(\.name), weights: false)
            group.notify = notify()
            for index in 0..<2 { unweighted(&configuration.instances[index]) }
            configuration.groups = [group]
        }
        return configuration
    }

    /// Neither an owner nor a member of a group counts weights.
    private mutating func unweighted(_ instance: inout InstanceDefinition) {
        instance.trackedScripts = []
        instance.trackedProcesses = []
        instance.trackedFiles = []
        instance.trackedInterfaces = instance.trackedInterfaces.map { TrackReference(name: $0.name) }
    }

    private mutating func global() -> GlobalDefinitions {
        var global = GlobalDefinitions()
        global.routerID = maybe { $0.word() }
        global.scriptUser = ScriptUser(user: "root")
        global.enablesScriptSecurity = true
        global.version = maybe { $0.pick([.v2, .v3]) }
        global.announcements = announcements()
        global.multicastGroup4 = maybe { _ in .v4(0xE000_0055) }
        global.multicastGroup6 = maybe { _ in .v6(0xFF02_0000_0000_0000, 0x55) }
        global.checksUnicastSource = chance()
        global.niceness = maybe { $0.number(-20...19) }
        global.realtimePriority = maybe { $0.number(1...99) }
        global.locksMemory = maybe { _ in true }
        global.startupDelay = maybe { .milliseconds($0.number(1...59_000)) }
        global.notifyFIFO = maybe { FIFODefinition(path: "/run/\($0.word())", user: $0.maybe { $0.user() }) }
        if global.notifyFIFO != nil {
            global.notifyFIFOScript = maybe { .init(words: $0.command(), user: $0.maybe { $0.user() }) }
        }
        global.vrrpNotifyFIFO = maybe { _ in FIFODefinition(path: "/run/vrrp.fifo") }
        return global
    }

    private mutating func announcements() -> AnnouncementDefinitions {
        var definitions = AnnouncementDefinitions()
        definitions.count = maybe { $0.number(1...255) }
        definitions.delay = maybe { .seconds($0.number(0...4294)) }
        definitions.refresh = maybe { .seconds($0.number(0...4294)) }
        definitions.refreshCount = maybe { $0.number(1...255) }
        definitions.countAfterLowerPriority = maybe { $0.number(0...255) }
        definitions.delayAfterLowerPriority = maybe { .seconds($0.number(0...4294)) }
        return definitions
    }

    private mutating func script() -> ScriptDefinition {
        var script = ScriptDefinition(name: name(), command: command())
        script.interval = maybe { .seconds($0.number(1...4294)) }
        script.timeout = maybe { .seconds($0.number(1...4294)) }
        script.rise = maybe { $0.number(1...1000) }
        script.fall = maybe { $0.number(1...1000) }
        script.weight = maybe { $0.number(-253...253) }
        script.isReversed = script.weight != nil && chance()
        script.user = maybe { $0.user() }
        script.startsDown = chance()
        return script
    }

    private mutating func file() -> FileDefinition {
        var file = FileDefinition(name: name())
        file.path = "/run/\(word())"
        file.weight = maybe { $0.pick([-254, -1, 0, 2, 254]) }
        file.isReversed = file.weight != nil && chance()
        file.initialValue = maybe { $0.number(-254...254) }
        file.overwrites = file.initialValue != nil && chance()
        return file
    }

    private mutating func routes(isIPv6: Bool) -> RouteSet {
        func address(_ low: UInt64) -> IPAddress {
            isIPv6 ? .v6(0x2001_0DB8_0000_0000, low) : .v4(0x0A00_0000 | UInt32(low))
        }
        var set = RouteSet()
        for index in 0..<number(0...2) {
            var route = VirtualRoute(
                destination: AddressPrefix(address: address(UInt64(index) << 8), length: UInt8(number(0...32))))
            route.kind = pick([.unicast, .unicast, .blackhole, .prohibit])
            if route.kind == .unicast {
                route.interface = pick(Self.interfaces)
                route.gateway = maybe { _ in address(0xFE) }
                route.source = maybe { _ in address(0xFD) }
                route.isOnLink = route.gateway != nil && !isIPv6 && chance()
            }
            route.table = pick([VirtualRoute.mainTable, 100, 1000])
            route.metric = maybe { UInt32($0.number(1...10_000)) }
            route.scope = isIPv6 ? nil : maybe { $0.pick([0, 253, 77]) }
            set.routes.append(route)
        }
        for _ in 0..<number(0...2) {
            var rule = VirtualRule(
                family: isIPv6 ? .ipv6 : .ipv4, action: pick([.lookUp(100), .lookUp(1000), .blackhole, .prohibit]))
            rule.source = maybe { AddressPrefix(address: address(0xFC), length: UInt8($0.number(0...32))) }
            rule.destination = maybe { AddressPrefix(address: address(0xFB), length: UInt8($0.number(0...32))) }
            rule.incoming = maybe { $0.pick(Self.interfaces) }
            rule.outgoing = maybe { $0.pick(Self.interfaces) }
            rule.mark = maybe { UInt32($0.number(1...1000)) }
            rule.markMask = rule.mark == nil ? nil : maybe { UInt32($0.number(1...1000)) }
            // Without one there is a warning.
            rule.preference = UInt32(number(1...10_000))
            set.rules.append(rule)
        }
        return set
    }

    private mutating func process() -> ProcessDefinition {
        var process = ProcessDefinition(name: name(), command: ["haproxy"])
        process.weight = maybe { $0.number(-253...253) }
        process.isReversed = process.weight != nil && chance()
        process.quorum = maybe { $0.number(1...5) }
        process.maximum = maybe { $0.number(5...65535) }
        process.terminateDelay = maybe { .microseconds($0.number(1...3_600_000_000)) }
        process.forkDelay = maybe { .milliseconds($0.number(1...3_600_000)) }
        return process
    }

    private mutating func references(_ names: [String], weights: Bool = true) -> [TrackReference] {
        names.filter { _ in chance() }.map { name in
            guard weights, chance() else { return TrackReference(name: name) }
            return TrackReference(name: name, weight: number(-253...253), isReversed: chance())
        }
    }

    private mutating func notify() -> NotifyDefinitions {
        var notify = NotifyDefinitions()
        func command(_ random: inout Self) -> NotifyDefinitions.Command {
            .init(words: random.command(), user: random.maybe { $0.user() })
        }
        notify.any = maybe(command)
        notify.master = maybe(command)
        notify.backup = maybe(command)
        notify.fault = maybe(command)
        notify.stop = maybe(command)
        return notify
    }

    private mutating func instance(
        _ number: UInt8, _ version: ProtocolVersion, _ whole: KeepalivedConfiguration
    ) -> InstanceDefinition {
        var instance = InstanceDefinition(name: name())
        let isIPv6 = chance()
        instance.interface = pick(Self.interfaces)
        instance.virtualRouterID = number
        instance.priority = UInt8(self.number(1...254))
        instance.version = isIPv6 ? maybe { _ in .v3 } : maybe { $0.pick([.v2, .v3]) }
        let isVersion2 = !isIPv6 && (instance.version ?? version) == .v2
        instance.advertisementInterval = maybe {
            isVersion2 ? .seconds($0.number(1...255)) : .milliseconds(10 * $0.number(1...4095))
        }
        // What would be of no effect together has a warning of its own.
        switch self.number(0...3) {
        case 0: instance.noPreempt = true
        case 1: instance.startsAsMaster = true
        case 2: instance.preemptDelay = .microseconds(self.number(1...1_000_000_000))
        default: instance.startsAsMaster = false
        }
        instance.nativeIPv6 = isIPv6 && chance()
        if isVersion2 {
            instance.authentication = maybe { .init(password: String($0.word(["a", " ", "#", "\\"]).prefix(8))) }
        }
        instance.addresses = addresses(
            isIPv6: isIPv6, base: UInt64(number) << 8, count: self.number(isVersion2 ? 0...3 : 1...3))
        instance.excludedAddresses = addresses(
            isIPv6: chance(), base: UInt64(number) << 8 | 0x80, count: self.number(0...2))
        instance.routes = routes(isIPv6: isIPv6)
        tell(&instance, isIPv6: isIPv6)
        instance.trackedScripts = references(whole.scripts.map(\.name))
        instance.trackedProcesses = references(whole.processes.map(\.name))
        instance.trackedFiles = references(whole.files.map(\.name))
        instance.trackedInterfaces = references(Self.interfaces.filter { $0 != instance.interface })
        if instance.noPreempt { unweighted(&instance) }
        instance.ignoresPrimaryInterface = chance()
        instance.promotesSecondaries = chance()
        instance.announcements = announcements()
        instance.notify = notify()
        return instance
    }

    /// Whom it speaks to, and from where.
    private mutating func tell(_ instance: inout InstanceDefinition, isIPv6: Bool) {
        let address: (UInt64) -> IPAddress = { low in
            isIPv6 ? .v6(0x2001_0DB8_0000_0000, low) : .v4(0x0A00_0000 | UInt32(low))
        }
        instance.sourceAddress = maybe { _ in address(0xF1) }
        if chance() {
            instance.unicastPeers = (1...number(1...3)).map { address(UInt64(0xF1 + $0)) }
            instance.checksUnicastSource = chance()
            if chance() {
                let least = UInt8(number(0...255))
                instance.peerHopLimits[instance.unicastPeers[0]] = least...UInt8(number(Int(least)...255))
            }
        } else {
            instance.multicastGroup = maybe { _ in isIPv6 ? .v6(0xFF02_0000_0000_0000, 7) : .v4(0xEFFF_0007) }
        }
    }

    private mutating func addresses(isIPv6: Bool, base: UInt64, count: Int) -> [AddressDefinition] {
        (0..<UInt64(count)).map { offset in
            let address: IPAddress =
                isIPv6 ? .v6(0x2001_0DB8_0000_0000, base + offset) : .v4(0xC000_0000 | UInt32(base + offset))
            var definition = AddressDefinition(address: address)
            definition.prefixLength = maybe { UInt8($0.number(8...(isIPv6 ? 128 : 32))) }
            definition.interface = maybe { $0.pick(Self.interfaces) }
            if !isIPv6 { definition.label = maybe { _ in "eth0:vip" } }
            return definition
        }
    }
}
