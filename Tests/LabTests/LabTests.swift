import Errors
import Foundation
import Inventory
import Processes
import Testing
import Texts

@testable import Lab

/// What a lab promises, on a lab. Needs root and HAPROV_LAB_TESTS=1; takes a minute, and two more for the first image.
@Suite(.serialized, .enabled(if: LabTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"), .lab)
struct LabTests {
    private let lab: Laboratory

    init() throws { lab = try LabTrait.lab() }

    private func finish(_ invocation: LabInvocation) async throws -> Command.Result {
        let variables = invocation.environment.map { "\($0.key)=\($0.value)" }
        return try await Command(["env"] + variables + invocation.arguments).run()
    }

    /// Runs a shell line on a host.
    private func on(_ host: String, _ line: String, in lab: Laboratory? = nil) async throws -> Command.Result {
        try await finish(try (lab ?? self.lab).exec(on: host, ["bash", "-c", line]))
    }

    /// Runs a shell line at the controller.
    private func controller(_ line: String, in lab: Laboratory? = nil) async throws -> Command.Result {
        try await finish(try (lab ?? self.lab).run(["bash", "-c", line]))
    }

    /// Waits for a condition, a minute at most.
    private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// Does something, and something else after it, however it went.
    private func attempt(_ work: () async throws -> Void, finally after: () async -> Void) async throws {
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
        await after()
        try outcome.get()
    }

    @Test func everyHostIsUpUnderItsOwnName() async throws {
        let status = try lab.status()
        #expect(status.ok)
        #expect(status.hosts.map(\.name) == ["haproxy1", "haproxy2", "haproxy3", "app1", "app2", "app3"])
        for host in status.hosts {
            #expect(host.up)
            let line =
                "ssh -F /dev/null -i \(lab.paths.identity) -o BatchMode=yes -o StrictHostKeyChecking=yes "
                + "-o UserKnownHostsFile=\(lab.paths.knownHosts) root@\(host.address) hostname"
            #expect(try await controller(line).output == host.name + "\n")
        }
    }

    @Test func hostKeysDiffer() throws {
        let lines = try Files.read(lab.paths.knownHosts).split(separator: "\n")
        let keys = lines.compactMap { $0.split(separator: " ").dropFirst(2).first }
        #expect(keys.count == 18)
        #expect(Set(keys).count == 18)
    }

    @Test func theInventoryIsValid() async throws {
        let text = try await controller("cat \"$HAPROV_INVENTORY\"").output
        let reading = InventoryReader.read(text, file: "inventory.yml")
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(reading.cluster?.balancers.map(\.name) == ["haproxy1", "haproxy2", "haproxy3"])
    }

    @Test(arguments: ["app1", "app2", "app3"])
    func applicationsAnswerTheirOwnName(_ host: String) async throws {
        let address = try #require(try lab.status().hosts.first { $0.name == host }?.address)
        #expect(try await controller("curl -s -m 5 http://\(address):10900/").output == host + "\n")
    }

    @Test func balancersLookLikeCentOS() async throws {
        let line = """
            . /etc/os-release; echo "$ID $VERSION_ID"; cat /etc/redhat-release; rpm -q --qf '%{NAME}\\n' openssl-libs \
            zlib systemd glibc; rpm -qf --qf '%{NAME}\\n' /usr/sbin/sshd /etc/os-release; rpm -q gcc psmisc
            ls /etc/yum.repos.d; for p in gcc cc make killall apt-get apt dpkg rpmbuild; do command -v $p; done
            ls /usr/include/stdio.h 2>&1
            """
        let expected = """
            centos 7
            CentOS Linux release 7.7.1908 (Core)
            openssl-libs
            zlib
            systemd
            glibc
            openssh-server
            centos-release
            package gcc is not installed
            package psmisc is not installed
            lab.repo
            ls: cannot access '/usr/include/stdio.h': No such file or directory

            """
        #expect(try await on("haproxy1", line).output == expected)
    }

    @Test func aHostsClockAndModulesAreOutOfReach() async throws {
        // By its capabilities: trying it out would be trying it on this machine. 25 is CAP_SYS_TIME, 16 CAP_SYS_MODULE.
        for process in ["self", "1"] {
            let line = "awk '/^CapBnd/ { print $2 }' /proc/\(process)/status"
            let set = try #require(UInt64(try await on("haproxy1", line).output.trimmingBlanks(), radix: 16))
            #expect(set >> 25 & 1 == 0)
            #expect(set >> 16 & 1 == 0)
            #expect(set >> 12 & 1 == 1)
        }
    }

    @Test func exitCodesAndInputPassThrough() async throws {
        #expect(try await on("haproxy1", "exit 7").status == 7)
        #expect(try await controller("exit 5").status == 5)
        #expect(try await controller("kill -TERM $$").status == 143)
        #expect(try await controller("pwd").output.trimmingBlanks() == FileManager.default.currentDirectoryPath)
    }

    @Test func nothingOfTheLabIsInTheMachinesNamespace() async throws {
        #expect(try await Command(["ip", "-4", "address"]).run().output.contains("172.16.122.") == false)
        #expect(try await Command(["ip", "-4", "route"]).run().output.contains("172.16.122.") == false)
    }

    @Test func theFirewallBlocksUntilItIsOpened() async throws {
        let serve = "systemd-run --quiet --unit=lab-web python3 -m http.server 80"
        #expect(try await on("haproxy1", serve).status == 0)
        try await attempt { () async throws in
            #expect(
                try await eventually {
                    try await on("haproxy1", "curl -s -m 2 -o /dev/null http://127.0.0.1/").status == 0
                })
            #expect(try await controller("curl -s -m 2 -o /dev/null http://172.16.122.101/").status != 0)
            #expect(try await on("haproxy1", "firewall-cmd --zone=public --add-port=80/tcp").status == 0)
            #expect(try await controller("curl -s -m 5 -o /dev/null http://172.16.122.101/").status == 0)
        } finally: {
            _ = try? await on("haproxy1", "systemctl stop lab-web; firewall-cmd --reload")
        }
    }

    @Test func theFirewallBlocksVRRPUntilItIsOpened() async throws {
        #expect(try await advertisementsHeard() == 0)
        let rule = "firewall-cmd --add-rich-rule='rule protocol value=\"vrrp\" accept'"
        #expect(try await on("haproxy1", rule).status == 0)
        try await attempt { () async throws in
            #expect(try await advertisementsHeard() == 20)
        } finally: {
            _ = try? await on("haproxy1", "firewall-cmd --reload")
        }
    }

    /// haproxy2 sends twenty packets of protocol 112 to VRRP's group; how many does a socket on haproxy1 get?
    private func advertisementsHeard() async throws -> Int {
        let listen = """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                socket.inet_aton('224.0.0.18') + socket.inet_aton('172.16.122.101'))
            open('/run/lab-listening', 'w').close()
            s.settimeout(3)
            count = 0
            try:
                while count < 20:
                    s.recv(2000)
                    count += 1
            except TimeoutError:
                pass
            print(count)
            """
        let send = """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton('172.16.122.102'))
            for _ in range(20): s.sendto(b'lab', ('224.0.0.18', 0))
            """
        _ = try await on("haproxy1", "rm -f /run/lab-listening")
        let listener = try await Command(try lab.exec(on: "haproxy1", ["python3", "-c", listen]).arguments).start()
        defer { listener.kill() }
        #expect(try await eventually { try await on("haproxy1", "test -e /run/lab-listening").status == 0 })
        #expect(try await finish(try lab.exec(on: "haproxy2", ["python3", "-c", send])).status == 0)
        return try #require(Int(await listener.wait().output.trimmingBlanks()))
    }

    @Test func whatYumBringsItTakesAway() async throws {
        let list = """
            find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/log \
            -o -path /var/cache -o -path /var/lib/rpm -o -path /var/lib/dnf \\) -prune -o \
            -printf '%y %m %u:%g %p %l\\n' | sort; find /usr /etc -xdev -type f -print0 | sort -z | xargs -0 sha256sum
            """
        let packages =
            "gcc make openssl-devel libnl3-devel libnfnetlink-devel pcre-devel zlib-devel systemd-devel psmisc"
        let before = try await on("haproxy3", list).output
        let installed = try await on("haproxy3", "rpm -qa | sort").output
        #expect(try await on("haproxy3", "yum -y install \(packages)").status == 0)
        #expect(try await on("haproxy3", "rpm -q \(packages)").status == 0)
        let program = "echo 'int main(void) { return 42; }' | gcc -x c -o /tmp/a.out - && /tmp/a.out"
        #expect(try await on("haproxy3", program).status == 42)
        #expect(try await on("haproxy3", "killall -V 2>&1 | grep -q PSmisc").status == 0)
        #expect(try await on("haproxy3", "yum -y history undo last").status == 0)
        #expect(try await on("haproxy3", list).output == before)
        #expect(try await on("haproxy3", "rpm -qa | sort").output == installed)
        #expect(try await on("haproxy3", "yum -y remove zlib").status != 0)
        #expect(try await on("haproxy3", "rpm -e openssl-libs").status != 0)
    }

    @Test func aCutHostIsGoneUntilItIsJoined() async throws {
        let ask = "curl -s -m 2 http://172.16.122.105:10900/"
        try await lab.setCable(of: "app2", cut: true)
        #expect(try await controller(ask).status != 0)
        #expect(try await on("app2", "cat /sys/class/net/ens33/carrier").output == "0\n")
        #expect(try lab.status().hosts.filter(\.cut).map(\.name) == ["app2"])
        try await lab.setCable(of: "app2", cut: false)
        #expect(try await eventually { try await controller(ask).output == "app2\n" })
        #expect(try lab.status().hosts.filter(\.cut).isEmpty)
    }

    @Test func powerTakesProcessesAndAddressesButNotTheDisk() async throws {
        let mac = try await on("haproxy2", "cat /sys/class/net/ens33/address").output
        #expect(
            try await on("haproxy2", "echo kept > /root/kept; ip address add 172.16.122.100/32 dev ens33").status == 0)
        try await lab.setPower(of: "haproxy2", .off)
        let host = try #require(try lab.status().hosts.first { $0.name == "haproxy2" })
        #expect(host.off && !host.up)
        #expect(try lab.status().ok)
        #expect(throws: Failure.self) { try lab.exec(on: "haproxy2", ["true"]) }
        // `up` leaves a host without power alone.
        #expect(try await lab.up().hosts.first { $0.name == "haproxy2" }?.up == false)
        try await lab.setPower(of: "haproxy2", .on)
        #expect(try await on("haproxy2", "cat /root/kept").output == "kept\n")
        #expect(try await on("haproxy2", "cat /sys/class/net/ens33/address").output == mac)
        #expect(try await on("haproxy2", "ip -br address").output.contains("172.16.122.100") == false)
        #expect(try await on("haproxy2", "ip -br address").output.contains("172.16.122.102/24"))
    }

    @Test func upAgainTouchesNothingThatLives() async throws {
        let before = try lab.status()
        #expect(try await lab.up().hosts == before.hosts)
    }

    @Test func upRepairsADeadHost() async throws {
        let leader = try #require(try lab.status().hosts.first { $0.name == "app1" }?.leader)
        kill(pid_t(leader), SIGKILL)
        #expect(try await eventually { try lab.status().ok == false })
        #expect(try await lab.up().ok)
        #expect(try await controller("curl -s -m 5 http://172.16.122.104:10900/").output == "app1\n")
    }

    @Test func upRepairsTheWire() async throws {
        try await Command(["ip", "netns", "delete", lab.paths.controllerNamespace]).succeed(step: "test", remedy: "")
        #expect(try lab.status().ok == false)
        let failure = #expect(throws: Failure.self) { try lab.run(["true"]) }
        #expect(failure?.remedy == "Repair it: haprov lab up --name labtests")
        #expect(try await lab.up().ok)
        #expect(try await controller("curl -s -m 5 http://172.16.122.106:10900/").output == "app3\n")
    }

    @Test func twoLabsOfTheSameAddressesDoNotMeet() async throws {
        let other = try LabTrait.lab(1)
        try await attempt { () async throws in
            let status = try await other.up(cluster: Self.pair())
            #expect(status.hosts.map(\.address) == ["172.16.122.101", "172.16.122.104"])
            #expect(try await controller("curl -s -m 5 http://172.16.122.104:8080/", in: other).output == "only\n")
            #expect(try await controller("curl -s -m 5 http://172.16.122.104:10900/").output == "app1\n")
            #expect(try await on("one", "ip -br link show eth0", in: other).status == 0)
            try await other.setPower(of: "only", .off)
            #expect(try await controller("curl -s -m 5 http://172.16.122.104:10900/").output == "app1\n")
            try await other.down()
            #expect(try lab.status().ok)
        } finally: {
            try? await other.down()
        }
    }

    @Test func whereThePowerFailsWhatWasNotFlushedIsLost() async throws {
        let other = try LabTrait.lab(1)
        try await attempt { () async throws in
            try await other.up(cluster: Self.pair(), hasDisks: true)
            let writing = "cd /root; echo kept >kept; sync -f kept; echo lost >lost; echo lost >>kept; cat kept lost"
            #expect(try await on("one", writing, in: other).output == "kept\nlost\nlost\n")
            try await other.setPower(of: "one", .fail)
            #expect(try other.status().hosts.first { $0.name == "one" }?.up == false)
            try await other.setPower(of: "one", .on)
            #expect(try await on("one", "cd /root; cat kept; ls", in: other).output == "kept\nkept\n")
            // Without a failure a disk keeps everything.
            #expect(try await on("one", "echo more >>/root/kept", in: other).status == 0)
            try await other.setPower(of: "one", .off)
            try await other.setPower(of: "one", .on)
            #expect(try await on("one", "cat /root/kept", in: other).output == "kept\nmore\n")
        } finally: {
            try? await other.down()
        }
    }

    @Test func withoutADiskOfItsOwnAHostsPowerDoesNotFail() async throws {
        let failure = await #expect(throws: Failure.self) { try await lab.setPower(of: "haproxy1", .fail) }
        #expect(failure?.remedy == "Build the lab with disks: haprov lab up --disks")
        #expect(try lab.status().ok)
        let later = await #expect(throws: Failure.self) { try await lab.up(hasDisks: true) }
        #expect(later?.remedy == "Take it down first: haprov lab down --name labtests")
    }

    @Test func aLabThatIsUpIsNotMadeIntoAnother() async throws {
        let failure = await #expect(throws: Failure.self) { try await lab.up(cluster: Self.pair()) }
        #expect(failure?.remedy == "Take it down first: haprov lab down --name labtests")
        await #expect(throws: Failure.self) { try await lab.up(flavour: .deadRepositories) }
    }

    @Test func twoAtOnceAreKeptApart() async throws {
        let lock = try await FileLock(path: lab.paths.lock, busy: nil)
        let failure = await #expect(throws: Failure.self) { try await lab.up() }
        #expect(failure?.kind == .locked)
        #expect(failure?.summary == "process \(getpid()) is at work on this lab")
        withExtendedLifetime(lock) {}
    }

    @Test func upAfterAKilledUpStartsOver() async throws {
        let program = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent().appendingPathComponent("haprov").path
        try #require(Files.exists(program), "swift build --product haprov")
        let other = try LabTrait.lab(1)
        try await attempt { () async throws in
            let killed = try await Command([program, "lab", "up", "--name", other.name.description]).start()
            #expect(
                try await eventually {
                    guard let host = LabState.load(other.paths)?.plan.hosts.first else { return false }
                    return try HostMachine(paths: other.paths, host: host).leader != nil
                })
            killed.kill()
            #expect(await killed.wait().status == 137)
            #expect(try other.status().ok == false)
            #expect(try await other.up(cluster: Self.pair()).ok)
        } finally: {
            try? await other.down()
        }
    }

    @Test func deadRepositoriesFailAtOnceAndRPMsAreAtHand() async throws {
        let other = try LabTrait.lab(1)
        try await attempt { () async throws in
            let status = try await other.up(cluster: Self.pair(), flavour: .deadRepositories)
            let result = try await on("one", "yum -y install psmisc 2>&1", in: other)
            #expect(result.status != 0)
            #expect(result.output.contains("Could not resolve host: mirrorlist.centos.org"))
            let rpms = try #require(status.rpms)
            #expect(Files.names(in: rpms).contains { $0.hasPrefix("psmisc-") })
            #expect(Files.names(in: rpms).contains("repodata"))
        } finally: {
            try? await other.down()
        }
    }

    /// One balancer and one application on the guide's addresses, under other names and on another NIC.
    private static func pair() throws -> Cluster {
        var cluster = GuideCluster.cluster()
        cluster.hosts = [cluster.hosts[0], cluster.hosts[3]]
        cluster.hosts[0].name = "one"
        cluster.hosts[1].name = "only"
        for index in cluster.hosts.indices { cluster.hosts[index].interface = "eth0" }
        cluster.instances[0].interface = "eth0"
        cluster.haproxy.backends[0].servers = ["only"]
        cluster.haproxy.backends[0].port = 8080
        return cluster
    }

    @Test func debianIsDebianWithItsOwnPackages() async throws {
        let other = try LabTrait.lab(1)
        try await attempt { () async throws in
            let status = try await other.up(cluster: Self.pair(), flavour: .debian12)
            #expect(status.rpms == nil)
            #expect(Files.names(in: try #require(status.debs)).contains("Packages"))
            let system = try await on("one", ". /etc/os-release && echo $ID $VERSION_ID", in: other).output
            #expect(system == "debian 12\n")
            // Nothing of the dress, and no compiler.
            let dressed = "command -v yum rpm firewall-cmd gcc; ls /etc/sysconfig /etc/redhat-release 2>/dev/null"
            #expect(try await on("one", dressed, in: other).output == "")
            let install =
                "apt-get -qq update && apt-get -qq -y install psmisc >/dev/null 2>&1 && killall --version 2>&1"
            #expect(try await on("one", install, in: other).output.contains("PSmisc"))
            #expect(try await on("one", "systemctl is-active networking", in: other).output == "active\n")
        } finally: {
            try? await other.down()
        }
    }
}
