/// What is written on the disk of each host: its name, its address, its repositories, what it serves.
enum HostFiles {
    /// - Parameter machineID: 32 hexadecimal digits (machine-id(5)).
    static func files(of host: LabHost, in plan: LabPlan, machineID: String) -> [DiskFile] {
        var files = [
            DiskFile(path: "etc/hostname", text: host.name + "\n", mode: 0o644),
            DiskFile(path: "etc/hosts", text: hosts(plan), mode: 0o644),
            DiskFile(path: "etc/machine-id", text: machineID + "\n", mode: 0o444),
            // Nobody answers there, at once: a lab has no name server and no way to one.
            DiskFile(path: "etc/resolv.conf", text: "nameserver 127.0.0.1\n", mode: 0o644),
        ]
        let flavour = plan.flavour(of: host)
        if flavour.system.isDressed {
            files += networkScripts(host)
        } else {
            files.append(DiskFile(path: "etc/network/interfaces", text: interfaces(host), mode: 0o644))
        }
        if host.isBalancer {
            if flavour.system.isDressed {
                files.append(
                    DiskFile(path: "etc/firewalld/zones/public.xml", text: zone(host.interface), mode: 0o644))
            }
            files += repositories(flavour)
        } else {
            let listen = host.ports.map { "listen \($0);\n" }.joined()
            files.append(DiskFile(path: "etc/nginx/lab-listen.conf", text: listen, mode: 0o644))
        }
        return files
    }

    private static func hosts(_ plan: LabPlan) -> String {
        "127.0.0.1 localhost localhost.localdomain\n" + plan.hosts.map { "\($0.address) \($0.name)\n" }.joined()
    }

    /// As CentOS 7's network service reads them, and NetworkManager of EL 9 still does.
    private static func networkScripts(_ host: LabHost) -> [DiskFile] {
        let scripts = "etc/sysconfig/network-scripts"
        let interface = """
            TYPE=Ethernet
            BOOTPROTO=static
            DEVICE=\(host.interface)
            ONBOOT=yes
            IPADDR=\(host.address)
            PREFIX=\(host.prefixLength)

            """
        var files = [DiskFile(path: "\(scripts)/ifcfg-\(host.interface)", text: interface, mode: 0o644)]
        if !host.neighbours.isEmpty {
            let routes = host.neighbours.map { "\($0)/32 dev \(host.interface)\n" }.joined()
            files.append(DiskFile(path: "\(scripts)/route-\(host.interface)", text: routes, mode: 0o644))
        }
        return files
    }

    /// interfaces(5) of Debian.
    private static func interfaces(_ host: LabHost) -> String {
        let routes = host.neighbours.map { "    up ip route replace \($0)/32 dev \(host.interface)\n" }.joined()
        return """
            auto lo
            iface lo inet loopback

            auto \(host.interface)
            iface \(host.interface) inet static
                address \(host.address)/\(host.prefixLength)

            """ + routes
    }

    /// The default zone as firewalld ships it, with the NIC in it, as NetworkManager puts it there on CentOS.
    private static func zone(_ interface: String) -> String {
        """
        <?xml version="1.0" encoding="utf-8"?>
        <zone>
          <short>Public</short>
          <description>For use in public areas. You do not trust the other computers on networks to not harm your computer. Only selected incoming connections are accepted.</description>
          <interface name="\(interface)"/>
          <service name="ssh"/>
          <service name="dhcpv6-client"/>
        </zone>

        """
    }

    private static func repositories(_ flavour: LabFlavour) -> [DiskFile] {
        switch flavour {
        case .standard: return [repository("base", "CentOS-$releasever - Base")]
        case .el9: return [repository("baseos", "Rocky Linux $releasever - BaseOS")]
        case .deadRepositories:
            return [DiskFile(path: "etc/yum.repos.d/CentOS-Base.repo", text: centOSBase, mode: 0o644)]
        // In the image.
        case .debian12, .debian13: return []
        }
    }

    /// The one in the image, by the name of the distribution's own.
    private static func repository(_ id: String, _ name: String) -> DiskFile {
        let text = """
            [\(id)]
            name=\(name)
            baseurl=file:///usr/share/lab-repo
            gpgcheck=0
            enabled=1

            """
        return DiskFile(path: "etc/yum.repos.d/lab.repo", text: text, mode: 0o644)
    }

    /// The repositories of CentOS 7.7: their mirror list has had no DNS record since 2024-07-01.
    private static var centOSBase: String {
        let sections = [
            ("base", "os", "Base", true), ("updates", "updates", "Updates", true),
            ("extras", "extras", "Extras", true), ("centosplus", "centosplus", "Plus", false),
        ]
        return sections.map { id, folder, title, isEnabled in
            """
            [\(id)]
            name=CentOS-$releasever - \(title)
            mirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=\(folder)&infra=$infra
            #baseurl=http://mirror.centos.org/centos/$releasever/\(folder)/$basearch/
            gpgcheck=1
            gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7
            \(isEnabled ? "" : "enabled=0\n")

            """
        }.joined()
    }
}
