import HostShell
import Texts
import VRRP

/// Reads what the probe printed: one record a line, `@WORD`, then fields parted by tabs.
///
/// A record of an unknown kind is passed over, so that a newer probe does not break an older reader.
package enum FactsReader {
    package static func read(_ output: [UInt8]) -> Facts {
        var facts = Facts()
        for record in Record.all(in: output) { add(record, to: &facts) }
        return facts
    }

    private static func add(_ record: Record, to facts: inout Facts) {
        switch record.word {
        case "host": facts.system = system(record)
        case "space": facts.space[record[1]] = record.number(2)
        case "tool": facts.tools[record[1]] = record.flag(2)
        case "selinux": facts.selinux = record[1]
        case "address": facts.addresses.append(NICAddress(nic: record[1], family: record[2], cidr: record[3]))
        case "nic": facts.nics[record[1]] = record[2]
        case "file": facts.files[record[1]] = file(record)
        case "content": facts.files[record[1]]?.content = Base64.decode(record[2].utf8)
        case "owner": facts.owners[record[1]] = record[2]
        case "package": facts.packages[record[1]] = record[2]
        case "repository":
            facts.repositories.append(
                RepositoryFact(id: record[1], url: record[2], isReachable: record.flag(3)))
        case "unit": facts.units[record[1]] = unit(record)
        case "sysctl": facts.sysctls[record[1]] = record[2]
        case "user":
            facts.users.insert(record[1])
            facts.accounts[record[1]] = AccountFact(userID: record.number(2), home: record[4], shell: record[5])
        case "group": facts.groups.insert(record[1])
        case "archive":
            facts.archives[record[1]] = ArchiveFact(
                build: record[2], isIntact: record[3] == "intact", foreignFiles: record.number(4))
        case "reach": facts.reachable[record[1]] = record.flag(2)
        case "neighbour": if let vip = IPAddress(record[1]) { facts.claims[vip] = record[2] }
        default: addSecondHalf(record, to: &facts)
        }
    }

    private static func addSecondHalf(_ record: Record, to facts: inout Facts) {
        switch record.word {
        case "firewall":
            facts.firewall.isActive = record[1] == "active"
            facts.firewall.zone = record[2]
        case "firewall-rule":
            if record[1] == "permanent" {
                facts.firewall.permanent.insert(record[2])
            } else {
                facts.firewall.runtime.insert(record[2])
            }
        case "run":
            // One host's words become a path on the others.
            guard !record[1].contains("/"), !record[1].hasPrefix(".") else { return }
            facts.runs.append(
                RunFact(
                    id: record[1], cluster: record[2], command: record[3], operatorName: record[4],
                    started: record[5], result: record[6], finished: record[7], changes: record.number(8),
                    undone: record.number(9), format: max(1, record.number(10)), functions: record.number(11)))
        case "member":
            facts.members.append(
                MemberFact(
                    run: record[1], name: record[2], address: record[3], port: record.number(4), user: record[5]))
        case "answer": facts.answers.append(NeighbourFact(address: record[1], hardware: record[2]))
        case "known": facts.neighbours.append(NeighbourFact(address: record[1], hardware: record[2]))
        case "vrrp":
            facts.speakers.append(SpeakerFact(program: record[1], process: record.number(2), unit: record[3]))
        case "vrrp-about": facts.speaksOfOthers = record[2] == "no"
        case "left": facts.left.append(LeftChange(run: record[1], function: record[2], subject: Subject(record[3])))
        case "lock": facts.lock = LockFact(record)
        case "entry":
            var arguments = record[7].split(separator: "\u{1E}", omittingEmptySubsequences: false).map(String.init)
            // Each argument ends with a separator.
            if arguments.last == "" { arguments.removeLast() }
            facts.entries[record[1], default: []].append(
                EntryFact(
                    number: record[2], state: record[3], function: record[4], subject: Subject(record[5]),
                    summary: record[6], arguments: arguments))
        default: addRunning(record, to: &facts)
        }
    }

    private static func addRunning(_ record: Record, to facts: inout Facts) {
        switch record.word {
        case "inodes": facts.inodes[record[1]] = record.number(2)
        case "unwritable": facts.unwritable[record[1]] = record[2]
        case "process":
            facts.processes.append(
                ProcessFact(
                    name: record[1], id: record.number(2), parent: record.number(3), unit: record[4], path: record[5],
                    arguments: record[6].split(separator: "\u{1E}").map(String.init), isApart: record[7] == "apart"))
        case "listener":
            facts.listeners.append(
                ListenerFact(
                    address: record[1], port: record.number(2), program: record[3], process: record.number(4),
                    unit: record[5], path: record[6]))
        case "listened":
            facts.listening = Listening(means: record[1] == "no" ? nil : record[1], reason: record[2])
        case "speaker":
            facts.listening?.speakers.append(
                Speaker(
                    address: record[1], virtualRouterID: record.number(2), priority: record.number(3),
                    version: record.number(4), authentication: record[5], hardwareAddress: record[7],
                    virtualAddresses: record[9].split(separator: ",").map(String.init),
                    isMulticast: record[10] == "multicast"))
        default: break
        }
    }

    private static func system(_ record: Record) -> System {
        System(
            id: record[1], version: record[2], release: record[3], architecture: record[4], kernel: record[5],
            libc: record[6], initSystem: record[7], userID: record.number(8), hostName: record[9])
    }

    private static func file(_ record: Record) -> FileFact {
        guard let kind = FileFact.Kind(rawValue: record[2]), kind != .absent else { return FileFact(kind: .absent) }
        let mode = String(repeating: "0", count: max(0, 4 - record[3].count)) + record[3]
        return FileFact(
            kind: kind, mode: mode, owner: record[4], group: record[5], size: record.number(6), digest: record[7])
    }

    private static func unit(_ record: Record) -> UnitFact {
        UnitFact(
            loadState: record[2], activeState: record[3], fileState: record[4], mainPID: record.number(5),
            path: record[6], needsReload: record.flag(7), initScript: record[8], startsByInitScript: record.flag(9))
    }
}
