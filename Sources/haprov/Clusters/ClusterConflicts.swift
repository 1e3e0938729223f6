import Errors
import Foundation
import Inventory
import VRRP

/// What only one cluster may have, and two of those that a command was given do.
enum ClusterConflicts {
    /// - Throws: every conflict.
    static func refuse(_ inventories: [ListedInventory]) throws(Failures) {
        let conflicts = find(in: inventories)
        guard conflicts.isEmpty else { throw Failures(conflicts) }
    }

    /// Every conflict; those with an inventory that cannot be read come to light once it can.
    static func find(in inventories: [ListedInventory]) -> [Failure] {
        var taken: [Claim.Thing: (claim: Claim, path: String)] = [:]
        var conflicts: [Failure] = []
        for inventory in inventories {
            let claims = inventory.claims
            for claim in claims {
                guard let other = taken[claim.thing] else { continue }
                conflicts.append(claim.conflict(in: inventory.path, with: other.claim, in: other.path))
                // Of one file twice all the rest is true, too.
                if case .file = claim.thing { break }
            }
            for claim in claims where taken[claim.thing] == nil { taken[claim.thing] = (claim, inventory.path) }
        }
        return conflicts
    }
}

/// That a cluster has something to itself.
private struct Claim {
    /// What two clusters cannot both have. A site is how its hosts are reached: behind another bastion an address is another.
    enum Thing: Hashable {
        case file(String)
        case name(String)
        case address(IPAddress, site: String)
        case virtualRouter(UInt8, network: InterfaceAddress, site: String)
    }

    var thing: Thing
    /// What the cluster has it for, such as `the VIP`.
    var use: String

    func conflict(in path: String, with other: Claim, in otherPath: String) -> Failure {
        let both = "\(otherPath) and \(path)"
        let (summary, remedy) =
            switch thing {
            case .file: ("\(both) are one file", "Name each inventory once.")
            case .name(let name):
                (
                    "\(both) are both of cluster \(name)",
                    "Give each its own name (`cluster`): hosts and output tell clusters apart by it."
                )
            case .address(let address, _):
                (
                    "\(address) is \(other.use) in \(otherPath) and \(use) in \(path)",
                    "Give each cluster hosts and VIPs of its own; behind a bastion of its own (`ssh: jump`) an address is another."
                )
            case .virtualRouter(let number, let network, _):
                (
                    "\(both) both have the virtual router ID \(number) in \(network)",
                    "Give one of them another `virtual_router_id`: on one network their balancers would hear each other."
                )
            }
        return Failure(.input, step: "clusters", summary: summary, remedy: "Nothing was begun. \(remedy)")
    }
}

extension ListedInventory {
    fileprivate var claims: [Claim] {
        let file = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        var claims = [Claim(thing: .file(file), use: "")]
        guard let cluster else { return claims }
        claims.append(Claim(thing: .name(cluster.name), use: ""))
        for host in cluster.balancers {
            claims.append(
                Claim(thing: .address(host.address, site: host.site), use: "the balancer \(host.name)"))
        }
        let site = cluster.balancers.first?.site ?? ""
        for instance in cluster.instances {
            for vip in instance.addresses {
                claims.append(Claim(thing: .address(vip.address, site: site), use: "a VIP"))
            }
            // By unicast they hear their own peers alone.
            guard !instance.unicast else { continue }
            for network in Set(instance.addresses.compactMap(\.sharedNetwork)) {
                let thing = Claim.Thing.virtualRouter(instance.virtualRouterID, network: network, site: site)
                claims.append(Claim(thing: thing, use: ""))
            }
        }
        return claims
    }
}

extension Inventory.Host {
    /// The bastions on the way; empty where it is reached from here.
    fileprivate var site: String { ssh.jump.map { "\($0.address):\($0.port ?? 22)" }.joined(separator: " ") }
}

extension InterfaceAddress {
    /// The subnet, where it says something of who else is there: one of a single address does not.
    fileprivate var sharedNetwork: InterfaceAddress? {
        network == last ? nil : InterfaceAddress(address: network, prefixLength: prefixLength)
    }
}
