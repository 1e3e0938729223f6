import Foundation
import Testing

/// The main job by the one file that is given out, and nothing else, on a lab of its own.
@Suite(
    .serialized,
    .enabled(
        if: EndToEndTrait.isAsked && EndToEndLab.distribution != nil,
        "set HAPROV_LAB_TESTS=1, name the file in HAPROV_DIST and run as root"),
    EndToEndTrait(labs: [.standalone]))
struct StandaloneTests {
    private let lab = EndToEndLab.standalone

    private static let oldKernel = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
        .appendingPathComponent("old-kernel").path

    /// Runs a script of the test's machine where the lab's hosts can be reached, in which `haprov WORD…` runs the file in a
    /// root that holds nothing but /proc, three devices, the inventory with its keys, the tarballs and a cache.
    ///
    /// - Parameter launcher: runs what stands behind it.
    private func alone(_ script: String, launcher: String) throws -> Program.Outcome {
        let root = "\(lab.folder)/root-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = URL(fileURLWithPath: lab.inventory).deletingLastPathComponent().path
        let preparation = """
            root=$0 file=$1 folder=$2 inventory=$3 tarballs=$4 cache=$5
            mkdir -p "$root/dev" "$root/proc" "$root/tmp" "$root/cache" "$root$folder"
            for device in null random urandom; do
                : >"$root/dev/$device"
                mount --bind "/dev/$device" "$root/dev/$device"
            done
            mount -t proc proc "$root/proc"
            mount --bind "$cache" "$root/cache"
            cp "$file" "$root/haprov"
            cp -R "$tarballs" "$root/assets"
            cp -p "$inventory" "$folder/id_ed25519" "$folder/known_hosts" "$root$folder/"
            haprov() {
                env -i HOME=/home HAPROV_CACHE=/cache HAPROV_ASSETS=/assets \(launcher) \
                    /usr/sbin/chroot "$root" /haprov "$@"
            }
            """
        return try Program.run(
            [
                EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "unshare", "--mount", "sh", "-eu", "-c",
                preparation + "\n" + script, root, try #require(EndToEndLab.distribution), folder, lab.inventory,
                EndToEndLab.tarballs(),
                lab.cache,
            ], within: 900)
    }

    @Test(
        "From a root that holds nothing else, it does the main job, also on a kernel of 2013",
        arguments: EndToEndTrait.areLongAsked ? ["", oldKernel] : [oldKernel])
    func theMainJob(launcher: String) throws {
        try lab.up()
        lab.borrowBuilds(of: .main)
        let before = try lab.bareHosts()
        let told = try alone(
            """
            haprov init /mine.yml
            grep -c '^  haproxy[0-9]: ' "$root/mine.yml"
            haprov check "$inventory"
            for i in 1 2; do
                haprov plan --json "$inventory" >plan || echo "plan ended $?"
                haprov apply --yes --json "$inventory" | tail -n 1
                rm plan
            done
            haprov verify --yes --json "$inventory" | tail -n 1
            haprov status --json "$inventory" | tail -n 1
            haprov rollback --all --yes --json "$inventory" | tail -n 1
            """, launcher: launcher)
        #expect(told.status == 0, "\(told)")
        let summaries = told.lines.compactMap { try? JSON(line: $0) }.filter { $0["type"].text == "summary" }
        #expect(summaries.compactMap { $0["command"].text } == ["apply", "apply", "verify", "status", "rollback"])
        #expect(summaries.allSatisfy { $0["ok"].flag == true }, "\(told)")
        #expect(summaries.dropFirst().first?["changes"].number == 0, "\(told)")
        // The second plan has nothing to say.
        #expect(told.lines.filter { $0.hasPrefix("plan ended") } == ["plan ended 2"], "\(told)")
        try lab.expectUnchanged(since: before)
    }

    @Test("On one of the balancers, by a user who has to give a password to become root, it does the main job", .long)
    func theControllerIsABalancer() throws {
        try lab.up()
        lab.borrowBuilds(of: .main)
        let source = URL(fileURLWithPath: lab.inventory).deletingLastPathComponent().path
        // Where snapshots do not look.
        let home = "/var/cache/keeper"
        let inventory = try lab.inventory(
            "local", (source + "/", home + "/"),
            (
                "priority: 101",
                "priority: 101, connection: local, ssh: { become: { password: { env: SUDO_PASSWORD } } }"
            ))
        let packed = try Program.run([
            "sh", "-eu", "-c",
            """
            mkdir -p "$0/cache" "$1/builds"
            cp -R "$1/builds" "$0/cache/"
            cp -R "$2" "$0/assets"
            cp "$3" "$0/haprov"
            cp "$4" "$0/inventory.yml"
            cp "$5/id_ed25519" "$5/known_hosts" "$0/"
            tar -C "$0" -cf "$0.tar" .
            """, "\(lab.folder)/keeper", lab.cache, EndToEndLab.tarballs(),
            try #require(EndToEndLab.distribution), inventory, source,
        ])
        try #require(packed.status == 0, "\(packed)")
        try lab.send("\(lab.folder)/keeper.tar", to: "\(home).tar", on: "haproxy1")
        try lab.ask(
            "haproxy1",
            """
            set -e
            useradd -m -d \(home) keeper
            echo 'keeper:Pa55 word' | chpasswd
            echo 'keeper ALL=(root) ALL' >/etc/sudoers.d/keeper
            """)
        defer { _ = try? lab.on("haproxy1", "userdel -r keeper; rm -f /etc/sudoers.d/keeper") }
        let before = try lab.snapshots()
        let told = try lab.on(
            "haproxy1",
            """
            cd \(home) && tar -xf \(home).tar && rm \(home).tar &&
                chown -R keeper . && chmod 700 haprov && chmod 600 id_ed25519 && exec runuser -u keeper -- sh -c '
            export HOME=\(home) HAPROV_CACHE=\(home)/cache
            # Not named in the inventory, it is asked for on the terminal, once and unseen.
            sed "s/, ssh: { become: .*} }/ }/" inventory.yml >asked.yml
            (
                for i in $(seq 1200); do
                    if grep -qs "Password of keeper" said; then echo "Pa55 word"; break; fi
                    sleep 0.1
                done
            ) | timeout 300 script -qefc "./haprov preflight asked.yml" said >/dev/null
            echo "preflight $?, asked $(grep -c "Password of keeper" said), shown $(grep -c Pa55 said), disturbed $(grep -c "for sudo: .*at work" said)"
            export SUDO_PASSWORD="Pa55 word"
            for command in apply apply verify "rollback --all"; do
                ./haprov $command --yes --json | tee -a log | tail -n 1
            done
            grep -c "Pa55" log'
            """, within: 900)
        let summaries = told.lines.compactMap { try? JSON(line: $0) }.filter { $0["type"].text == "summary" }
        #expect(summaries.compactMap { $0["command"].text } == ["apply", "apply", "verify", "rollback"], "\(told)")
        #expect(summaries.allSatisfy { $0["ok"].flag == true }, "\(told)")
        #expect(summaries.dropFirst().first?["changes"].number == 0, "\(told)")
        #expect(told.lines.first == "preflight 0, asked 1, shown 0, disturbed 0" && told.lines.last == "0", "\(told)")
        try lab.expectUnchanged(since: before)

        // A sudo that wants a terminal is named with the line that helps, also to who sits at one.
        let line = "Defaults:keeper !requiretty"
        func alone(_ defaults: String) throws -> Program.Outcome {
            let rules = "Defaults requiretty\\nkeeper ALL=(root) ALL\\n" + defaults
            try lab.ask("haproxy1", "printf '\(rules)' >/etc/sudoers.d/keeper")
            return try lab.on(
                "haproxy1",
                """
                cd \(home) && exec runuser -u keeper -- env HOME=\(home) 'SUDO_PASSWORD=Pa55 word' timeout 300 \
                    script -qec './haprov preflight --limit haproxy1 --json' /dev/null </dev/null
                """)
        }
        let refused = try alone("")
        #expect(refused.status == 4 && refused.output.contains("wants a terminal here (requiretty)"), "\(refused)")
        #expect(refused.output.contains(line), "\(refused)")
        let helped = try alone(line + "\\n")
        #expect(helped.status == 0, "\(helped)")
    }

    @Test("The RPM installs, runs, and leaves nothing when it is removed") func package() throws {
        try lab.up()
        try lab.comesAndGoes(packageOfHaprov: ".rpm", install: "rpm -i", remove: "rpm -e haprov")
    }
}
