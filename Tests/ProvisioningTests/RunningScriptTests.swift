import Foundation
import HostShell
import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// Real host scripts; what they ask the kernel stands in a folder.
@Suite("The probe finds what runs and what stands in the way")
struct RunningScriptTests {
    private func facts(_ host: ScratchHost, _ text: String, overrides: String = "") async throws -> Facts {
        let result = try await host.shell(text, overrides: overrides)
        return FactsReader.read(result.standardOutput)
    }

    private func process(
        _ id: String, _ name: String, exe: String, cgroup: String, on host: ScratchHost, parent: Int = 1,
        arguments: String = "", namespace: String = "1"
    ) throws {
        try host.write(name + "\n", "proc/\(id)/comm")
        try host.write("Name:\t\(name)\nPPid:\t\(parent)\n", "proc/\(id)/status")
        try host.write(cgroup, "proc/\(id)/cgroup")
        try host.write(arguments.replacingOccurrences(of: " ", with: "\0") + "\0", "proc/\(id)/cmdline")
        try host.write("", "proc/\(id)/ns/x")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(host.root)/proc/\(id)/exe", withDestinationPath: exe)
        for kind in ["pid", "net"] {
            try manager.createSymbolicLink(
                atPath: "\(host.root)/proc/\(id)/ns/\(kind)", withDestinationPath: "\(kind):[\(namespace)]")
        }
    }

    @Test(arguments: ScratchHost.shells)
    func processes(shell: String) async throws {
        let host = try ScratchHost(shell)
        try process("self", "sh", exe: "/bin/sh", cgroup: "", on: host)
        try process(
            "10", "haproxy", exe: "/usr/sbin/haproxy (deleted)",
            cgroup: "9:name=systemd:/system.slice/haproxy.service\n8:pids:/\n0::/x\n", on: host,
            arguments: "/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg")
        try process(
            "11", "keepalived_vrrp", exe: "/usr/sbin/keepalived",
            cgroup: "0::/user.slice/user-0.slice/session-3.scope\n",
            on: host, parent: 9)
        try process("12", "keepalived", exe: "/opt/k/keepalived", cgroup: "0::/../../..\n", on: host)
        try process("13", "keepalived", exe: "/bin/dash", cgroup: "0::/\n", on: host)
        try process("14", "haproxy", exe: "/usr/sbin/haproxy", cgroup: "0::/\n", on: host, namespace: "2")
        try process("15", "sshd", exe: "/usr/sbin/sshd", cgroup: "0::/\n", on: host)
        try process("16", "keepalived-expo", exe: "/opt/keepalived-exporter", cgroup: "0::/\n", on: host)
        try process("17", "haprov-vrrpd", exe: "/opt/haprov-vrrpd (deleted)", cgroup: "0::/\n", on: host)
        let found = try await facts(host, "hp_proc='\(host.root)/proc'\nprobe_processes").processes
        #expect(
            found == [
                ProcessFact(
                    name: "haproxy", id: 10, parent: 1, unit: "haproxy.service", path: "/usr/sbin/haproxy",
                    arguments: ["/usr/sbin/haproxy", "-Ws", "-f", "/etc/haproxy/haproxy.cfg"]),
                ProcessFact(
                    name: "keepalived", id: 11, parent: 9, unit: "session-3.scope", path: "/usr/sbin/keepalived",
                    arguments: [], configuration: Engine.configuration),
                ProcessFact(
                    name: "keepalived", id: 12, parent: 1, unit: "", path: "/opt/k/keepalived", arguments: [],
                    configuration: Engine.configuration),
                ProcessFact(
                    name: "haprov-vrrpd", id: 17, parent: 1, unit: "", path: "/opt/haprov-vrrpd", arguments: [],
                    configuration: Engine.configuration),
            ])
        #expect(found.first?.configurations == ["/etc/haproxy/haproxy.cfg"])
    }

    @Test("What a package's unit reads beside its configuration", arguments: ScratchHost.shells)
    func parts(shell: String) async throws {
        let host = try ScratchHost(shell)
        let first = try host.write("", "conf.d/10 a.cfg")
        let second = try host.write("", "conf.d/b.cfg")
        try host.write("", "conf.d/c.cfg.old")
        func parts(_ folder: String) async throws -> [String] {
            // As Enterprise Linux 9 has it.
            let unit = #"Environment="CONFIG=/etc/haproxy/haproxy.cfg" "PIDFILE=/run/haproxy.pid" "CFGDIR=\#(folder)""#
            return try await facts(host, "probe_parts", overrides: "systemctl() { echo '\(unit)'; }").configurationParts
        }
        #expect(try await parts("\(host.root)/conf.d") == [first, second])
        #expect(try await parts("\(host.root)/none") == [])
        #expect(try await facts(host, "probe_parts", overrides: "systemctl() { return 1; }").configurationParts == [])
    }

    private static let texts: [(text: String, isApart: Bool)] = [
        ("vrrp_instance A {\n  virtual_router_id 7\n  virtual_ipaddress {\n    10.0.0.7/24\n  }\n}\n", true),
        ("virtual_server 10.0.0.7 80 { }\n# virtual_router_id 51 is another's\n", true),
        ("vrrp_instance A { virtual_router_id 51\n", false),
        ("virtual_router_id $NUMBER\n", false),
        ("virtual_router_id 7\nvirtual_ipaddress {\n172.16.122.100/24 dev eth0\n}\n", false),
        ("include /etc/more/*.conf\n", false),
    ]

    @Test(
        "What speaks VRRP is apart where its file is readable, and about other addresses", arguments: ScratchHost.shells
    )
    func apart(shell: String) async throws {
        let host = try ScratchHost(shell)
        try process("self", "sh", exe: "/bin/sh", cgroup: "", on: host)
        var expected: [Int: Bool] = [:]
        func add(_ arguments: String, _ isApart: Bool, program: String = "keepalived") throws {
            let id = 10 + expected.count
            expected[id] = isApart
            try process(
                "\(id)", program, exe: "/usr/sbin/\(program)", cgroup: "0::/\n", on: host,
                arguments: program + arguments)
        }
        for (index, content) in Self.texts.enumerated() {
            try add(" -n -f \(host.write(content.text, "k\(index).conf"))", content.isApart)
        }
        let own = try host.write(Self.texts[0].text, "own.conf")
        for form in [" -f\(own)", " --use-file=\(own)", " --use-file \(own)"] { try add(form, true) }
        try add(" run -f \(own)", true, program: "haprov-vrrpd")
        try add(" -f \(host.root)/none", false)
        // Where nothing is said, it is the usual file.
        try add("", true)
        func found(_ words: String, usual: String) async throws -> [Int: Bool] {
            let text = "hp_proc='\(host.root)/proc'\nprobe_configuration='\(usual)'\nprobe_processes \(words)"
            let processes = try await facts(host, text).processes
            return Dictionary(uniqueKeysWithValues: processes.map { ($0.id, $0.isApart) })
        }
        #expect(try await found("172.16.122.100 51", usual: own) == expected)
        let last = try #require(expected.keys.max())
        #expect(try await found("172.16.122.100 51", usual: "\(host.root)/none")[last] == false)
        // Its number alone, and a number that is no virtual router ID there.
        #expect(
            try await found("172.16.122.100", usual: host.write("virtual_router_id 51\npriority 7\n", "n"))[last]
                == true)
        #expect(try await found("7", usual: host.write("virtual_router_id 51\npriority 7\n", "n"))[last] == true)
        #expect(try await found("51", usual: host.write("virtual_router_id 051\n", "n"))[last] == false)
    }

    @Test(arguments: ScratchHost.shells)
    func listeners(shell: String) async throws {
        let host = try ScratchHost(shell)
        try process("812", "nginx", exe: "/usr/sbin/nginx", cgroup: "0::/system.slice/nginx.service\n", on: host)
        try process("70", "haproxy", exe: "/usr/sbin/haproxy", cgroup: "1:name=systemd:/a/haproxy.service\n", on: host)
        let ss = """
            ss() { cat <<'END'
            State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
            LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=45,fd=3))
            LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:(("nginx",pid=812,fd=6),("nginx",pid=9,fd=6))
            LISTEN 0      511                *:8443             *:*    users:(("haproxy",70,5))
            LISTEN 0      511             [::]:80            [::]:*
            END
            }

            """
        let found = try await facts(host, "hp_proc='\(host.root)/proc'\nprobe_listeners 80 443", overrides: ss)
            .listeners
        #expect(
            found == [
                ListenerFact(
                    address: "0.0.0.0", port: 80, program: "nginx", process: 812, unit: "nginx.service",
                    path: "/usr/sbin/nginx"),
                ListenerFact(
                    address: "*", port: 8443, program: "haproxy", process: 70, unit: "haproxy.service",
                    path: "/usr/sbin/haproxy"),
                ListenerFact(address: "[::]", port: 80, program: "", process: 0, unit: "", path: ""),
            ])
    }

    /// As sudo 1.9 and 1.8 write it.
    @Test(
        arguments: ScratchHost.shells,
        [
            ("    env_reset, log_input, use_pty\\n\\nUser ops may run\\n    (root) ALL\\n", true),
            ("    !visiblepw, log_stdin\\n", true), ("    log_input\\n", true),
            ("    env_reset\\n\\nUser ops may run\\n    (root) NOPASSWD: LOG_INPUT: ALL\\n", true),
            ("    env_reset, !log_input, log_output, log_inputs\\n", false),
            ("    (root) NOLOG_INPUT: ALL\\n", false), ("", false),
        ])
    func sudoLog(shell: String, list: (text: String, keeps: Bool)) async throws {
        let host = try ScratchHost(shell)
        let sudo = "sudo() { [ \"$*\" = '-n -l -U ops' ] || exit 9; printf 'Matching Defaults:\\n\(list.text)'; }"
        #expect(try await facts(host, "probe_sudo_log ops", overrides: sudo).logsInput == list.keeps)
    }

    @Test(arguments: ScratchHost.shells)
    func inodes(shell: String) async throws {
        let host = try ScratchHost(shell)
        let df = """
            df() { case $2 in
            /a) printf 'Filesystem Inodes IUsed IFree IUse%% Mounted on\\nx 40 1 39 3%% /a\\n' ;;
            *) printf 'Filesystem Inodes IUsed IFree IUse%% Mounted on\\nbtrfs 0 0 0 - /b\\n' ;;
            esac; }
            """
        #expect(try await facts(host, "probe_inodes /a /b", overrides: df).inodes == ["/a": 39])
    }

    @Test(
        "A file system that is read-only and chattr +i are found without a try",
        .enabled(if: geteuid() == 0, "only root can mount"), arguments: ScratchHost.shells)
    func writable(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("x", "etc/passwd")
        try host.write("x", "etc/group")
        try host.write("x", "ro/keep")
        let root = host.root
        let library = try host.write(ShellLibrary.host.text(of: ["probe_writable"]), "library.sh")
        let script = try host.write(
            """
            . \(library)
            mount -t tmpfs -o ro none \(root)/ro || exit 9
            lsattr() { case "$3" in */etc/passwd) echo "----i---------e------- $3" ;; esac; }
            probe_writable \(root)/etc/passwd \(root)/etc/group \(root)/ro/a/b/c \(root)/etc/new/x
            """, "script.sh")
        let found = try await facts(host, "unshare -m \(shell) \(script)").unwritable
        #expect(
            found == [
                "\(root)/etc/passwd": "\(root)/etc/passwd is immutable (chattr +i)",
                "\(root)/ro/a/b/c": "\(root)/ro is on a file system that is read-only",
            ])
    }

    @Test(
        "Where programs run is found by running one, and nothing of it stays",
        .enabled(if: geteuid() == 0, "only root can mount"), arguments: ScratchHost.shells)
    func programs(shell: String) async throws {
        let host = try ScratchHost(shell)
        let root = host.root
        for folder in ["noexec", "fine", "has"] { try host.write("x", "\(folder)/keep") }
        try host.write("#!/bin/sh\n", "has/haproxy", mode: 0o755)
        let library = try host.write(ShellLibrary.host.text(of: ["probe_runs"]), "library.sh")
        let script = try host.write(
            """
            . \(library)
            mount -t tmpfs -o noexec none \(root)/noexec || exit 9
            systemctl() { false; }
            probe_builds=\(root)/fine/build
            probe_runs '\(root)/noexec/a b/sbin' \(root)/fine/sbin \(root)/has
            find \(root)/noexec -mindepth 1
            """, "script.sh")
        let before = try host.snapshot()
        let result = try await host.shell("unshare -m \(shell) \(script)")
        #expect(
            String(decoding: result.standardOutput, as: UTF8.self)
                == "@blocked\t\(root)/noexec/a b/sbin\tPermission denied\t\(root)/noexec\tnoexec\n")
        #expect(try host.snapshot() == before)
    }

    @Test("What else forbids programs is told by what is there", arguments: ScratchHost.shells)
    func blockers(shell: String) async throws {
        let host = try ScratchHost(shell)
        func blocker(_ overrides: String) async throws -> String {
            let mounts = "hp_proc='\(host.root)'\n"
            let result = try await host.shell("probe_blocker /usr", overrides: mounts + overrides)
            return String(decoding: result.standardOutput, as: UTF8.self)
        }
        try host.write("/dev/a / ext4 rw,noexec 0 0\n/dev/b /usr ext4 rw,relatime 0 0\n", "self/mounts")
        #expect(try await blocker("systemctl() { [ \"$*\" = '-q is-active fapolicyd' ]; }") == "fapolicyd\n")
        #expect(try await blocker("systemctl() { false; }; kysec_set() { :; }") == "kysec\n")
        #expect(try await blocker("systemctl() { false; }") == "")
    }

    @Test(arguments: ScratchHost.shells)
    func aForeignTree(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("x", "haproxy/sbin/haproxy")
        try host.write("x", "haproxy/doc/a")
        let found = try await facts(
            host, "probe_archive haproxy '\(host.root)/haproxy'; probe_archive k '\(host.root)/none'")
        #expect(found.archives == ["haproxy": ArchiveFact(foreignFiles: 2), "k": ArchiveFact()])
    }

    @Test(arguments: ScratchHost.shells)
    func aUnitMadeFromAnInitScript(shell: String) async throws {
        let host = try ScratchHost(shell)
        try link("rc3.d/S01keepalived", on: host)
        let systemctl = """
            systemctl() { printf '%s\\n' MainPID=0 LoadState=loaded ActiveState=active UnitFileState=generated \\
                FragmentPath=/run/systemd/generator.late/keepalived.service SourcePath=/etc/init.d/keepalived NeedDaemonReload=no; }

            """
        let found = try await facts(
            host, "service_etc='\(host.root)/etc'\nprobe_unit keepalived.service", overrides: systemctl
        ).units["keepalived.service"]
        #expect(found?.initScript == "/etc/init.d/keepalived" && found?.startsByInitScript == true)
        #expect(found?.startsAtBoot == true && found?.isEnabled == false)
    }

    private func link(_ path: String, on host: ScratchHost) throws {
        let full = "\(host.root)/etc/\(path)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: "../init.d/keepalived")
    }

    /// systemd and its helper for init scripts, as far as they touch files: enabling a unit makes its own link and, where there
    /// is an init script, the script's links too; disabling turns those into links that stop it.
    private static let systemctl = """
        systemctl() {
            own=$service_etc/systemd/system/multi-user.target.wants/keepalived.service
            case $1 in
            is-enabled) if [ -L "$own" ] || [ -L "$service_etc/rc3.d/S20keepalived" ]; then echo enabled; else echo disabled; fi ;;
            enable) mkdir -p "${own%/*}"; ln -sf ../keepalived.service "$own"
                rm -f "$service_etc"/rc3.d/???keepalived; ln -s ../init.d/keepalived "$service_etc/rc3.d/S01keepalived" ;;
            disable) rm -f "$own" "$service_etc"/rc3.d/???keepalived
                ln -s ../init.d/keepalived "$service_etc/rc3.d/K01keepalived" ;;
            esac
        }

        """

    @Test(
        "What an init script starts at boot, and what it does not, comes back link by link",
        arguments: ScratchHost.shells, ["service_enable S20", "service_enable K80", "service_disable S20"])
    func initScriptLinks(shell: String, change: String) async throws {
        let words = change.split(separator: " ").map(String.init)
        let host = try ScratchHost(shell)
        try link("rc3.d/\(words[1])keepalived", on: host)
        try link("rc3.d/S20other", on: host)
        try link("rc0.d/K80keepalived", on: host)
        try host.write("x", "etc/systemd/system/multi-user.target.wants/other")
        let before = try host.snapshot()
        let overrides = "service_etc='\(host.root)/etc'\n" + Self.systemctl
        let made = try await host.perform(
            [Call(words[0], ["keepalived.service"], resource: "service keepalived", summary: "boot")],
            overrides: overrides)
        #expect(made.failure == nil)
        #expect(try host.snapshot() != before)
        let undone = try await host.perform(
            [.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "undo"))], run: "undo", overrides: overrides)
        #expect(undone.failure == nil)
        #expect(try host.snapshot() == before)
    }
}
