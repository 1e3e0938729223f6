import Foundation
import Testing

/// The one file that is given out, and its packages, as `make packages` has left them.
private let file = ProcessInfo.processInfo.environment["HAPROV_DIST"]

/// The main job by the one file and nothing else, and its packages on hosts, on a lab of their own.
@Suite(
    .serialized,
    .enabled(
        if: EndToEndTrait.isAsked && file != nil,
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
                preparation + "\n" + script, root, try #require(file), folder, lab.inventory, EndToEndLab.tarballs(),
                lab.cache,
            ], within: 900)
    }

    @Test(
        "From a root that holds nothing else, it does the main job, also on a kernel of 2013",
        arguments: ["", oldKernel])
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
        #expect(try lab.snapshots(Array(before.keys)).difference(from: before) == [])
    }

    @Test("The packages install, run, and leave nothing when they are removed") func packages() throws {
        try lab.up()
        let folder = URL(fileURLWithPath: try #require(file)).deletingLastPathComponent().path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let rpm = try #require(names.first { $0.hasSuffix(".rpm") })
        let deb = try #require(names.first { $0.hasSuffix(".deb") })
        for (name, install, remove) in [
            (rpm, "rpm -i", "rpm -e haprov"), (deb, "dpkg -i", "dpkg --purge haprov"),
        ] {
            let before = try lab.snapshots(["haproxy1"])
            try send("\(folder)/\(name)", to: "/root/\(name)")
            let told = try lab.ask(
                "haproxy1",
                """
                set -e
                \(install) /root/\(name) >/dev/null
                rm /root/\(name)
                haprov --version
                haprov init /root/i.yml >/dev/null
                haprov check /root/i.yml 2>&1 | grep -c 'is missing'
                rm /root/i.yml /root/haprov.schema.json
                zcat /usr/share/man/man1/haprov.1.gz | head -n 1 | cut -c 1-12
                ls /usr/share/bash-completion/completions/haprov
                \(remove) >/dev/null
                """)
            #expect(
                told.split(separator: "\n")
                    == ["0.1.0", "2", ".TH HAPROV 1", "/usr/share/bash-completion/completions/haprov"], "\(told)")
            #expect(try lab.snapshots(["haproxy1"]).difference(from: before) == [], "\(name)")
        }
    }

    private func send(_ file: String, to path: String) throws {
        let told = try Program.run([
            "sh", "-c", #"exec "$1" lab exec --name "$2" haproxy1 -- sh -c "cat >$3" <"$0""#, file,
            EndToEndLab.program, lab.name, path,
        ])
        try #require(told.status == 0, "\(told)")
    }
}
