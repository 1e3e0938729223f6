import Foundation
import Processes
import Testing

/// Where `make dist` has put it.
private let file = ProcessInfo.processInfo.environment["HAPROV_DIST"]

/// What `make dist` makes, in a folder that holds nothing else: as on a Linux of any age and kind.
@Suite(
    "The one file that is given out",
    .enabled(if: file != nil && getuid() == 0, "`make test` names it in HAPROV_DIST; only root can chroot"))
struct DistTests {
    private static let inventory = """
        cluster: web
        engine: vrrpd
        vip: { address: 192.0.2.9/24, interface: ens33, virtual_router_id: 51 }
        haproxy:
          version: 2.6.99
          frontends: { web: { bind: "*:80", backend: app } }
          backends: { app: { servers: application, port: 10900 } }
        hosts:
          haproxy1: { address: 192.0.2.1, role: balancer, priority: 101 }
          haproxy2: { address: 192.0.2.2, role: balancer, priority: 100 }
          app1: { address: 192.0.2.3, role: application }
        """

    /// Runs a script of the test's machine in which `haprov WORD…` runs the file, in a root of its own without a library
    /// or a shell, and with three devices; `$root` is that root.
    ///
    /// - Parameter launcher: runs what stands behind it.
    private func alone(_ script: String, launcher: String = "", proc: Bool = true) async throws -> Command.Result {
        let root = NSTemporaryDirectory() + "haprov-dist-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Data(Self.inventory.utf8).write(to: URL(fileURLWithPath: root + "/inventory.yml"))
        // Its mounts, and its network without hosts, are gone with it.
        return try await Command([
            "unshare", "--mount", "--net", "sh", "-eu", "-c",
            """
            root=$0 file=$1
            mkdir "$root/dev" "$root/proc" "$root/home"
            for device in null random urandom; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
            \(proc ? "mount -t proc proc \"$root/proc\"" : ":")
            cp "$file" "$root/haprov"
            haprov() { env -i HOME=/home \(launcher) /usr/sbin/chroot "$root" /haprov "$@"; }
            cd "$root"
            \(script)
            """, root, try #require(file),
        ]).run()
    }

    private static let oldKernel = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("old-kernel").path

    @Test func itNeedsNoLibrary() async throws {
        let told = try await Command(["sh", "-c", "ldd \"$0\" 2>&1", try #require(file)]).run()
        #expect(told.status == 1 && told.output.contains("not a dynamic executable"), "\(told.output)\(told.errors)")
    }

    @Test("It works by itself, also on a kernel of 2013", arguments: ["", oldKernel]) func itself(launcher: String)
        async throws
    {
        let told = try await alone(
            """
            haprov --version
            haprov init i.yml >/dev/null; grep -c '^  haproxy[0-9]: ' i.yml
            mkdir -p work/haproxy-2.6.99; echo all: >work/haproxy-2.6.99/Makefile
            tar -C work -cJf haproxy-2.6.99.tar.xz haproxy-2.6.99
            haprov assets add haproxy-2.6.99.tar.xz >/dev/null
            haprov check
            haprov playbooks export mine >/dev/null; diff -r mine '\(Repository.root.path)/Playbooks'
            haprov check --playbooks mine
            haprov man | head -n 1
            haprov man haprov-vrrpd | diff - '\(Repository.root.path)/Assets/haprov-vrrpd.8'
            haprov --generate-completion-script bash | grep -c '^complete .*haprov'
            haprov preflight >told 2>&1 || echo "ended $?"
            grep -c 'haproxy[12]' told >/dev/null
            """, launcher: launcher)
        let lines = told.output.split(separator: "\n").map(String.init)
        #expect(told.status == 0, "\(told.output)\(told.errors)")
        #expect(lines.prefix(2) == ["0.1.0", "3"], "\(told.output)\(told.errors)")
        let sound = "inventory.yml is sound: 2 balancers and 1 applications share 192.0.2.9."
        #expect(lines.filter { $0 == sound }.count == 2, "\(told.output)\(told.errors)")
        #expect(lines.contains { $0.hasPrefix(".TH HAPROV 1 ") }, "\(told.output)\(told.errors)")
        // Completions, and hosts that nobody can reach.
        #expect(lines.suffix(2) == ["1", "ended 4"], "\(told.output)\(told.errors)")
    }

    /// Modules of another glibc would crash it. This one would leave a folder behind.
    @Test func modulesOfNameServicesAreNotLoaded() async throws {
        let told = try await alone(
            """
            printf 'passwd: sss files\\nhosts: sss files\\n' >etc/nsswitch.conf
            echo 'root:x:0:0::/home/keeper:/bin/sh' >etc/passwd
            mkdir -p lib/x86_64-linux-gnu home/keeper
            printf '\\nssh: { password: { file: ~/secret } }\\n' >>inventory.yml
            echo x >home/keeper/secret; chmod 600 home/keeper/secret
            cat >module.c <<'END'
            __attribute__((constructor)) static void leave(void) {
                long result;
                __asm__ volatile("syscall" : "=a"(result) : "a"(83L), "D"("/loaded"), "S"(0755L)
                                 : "rcx", "r11", "memory");
            }
            END
            clang -shared -fPIC -nostdlib -o lib/x86_64-linux-gnu/libnss_sss.so.2 module.c
            haprov() { env -i /usr/sbin/chroot "$root" /haprov "$@"; }
            haprov check 2>&1 || :
            [ ! -e loaded ] || echo 'it was loaded'
            """)
        #expect(told.output.contains("haproxy 2.6.99 is missing"), "\(told.output)\(told.errors)")
        #expect(!told.output.contains("secret") && !told.output.contains("loaded"), "\(told.output)\(told.errors)")
    }

    @Test func withoutProcItSaysSo() async throws {
        let told = try await alone("haprov --version 2>&1 || echo \"ended $?\"", proc: false)
        #expect(
            told.output == """
                haprov: cannot start: /proc is not mounted here
                  Mount it: mount -t proc proc /proc
                ended 1

                """, "\(told.output)\(told.errors)")
    }
}
