import Foundation
import Testing

/// Where `make dist` has put the one file that is given out.
private let file = ProcessInfo.processInfo.environment["HAPROV_DIST"]

extension EndToEndTests {
    @Suite(.enabled(if: file != nil, "`make lab-tests` names the file in HAPROV_DIST")) struct StandaloneTests {
        private let lab = EndToEndLab.main

        @Test("From a root that holds nothing else, on a kernel of 2013, it logs in to hosts") func reachesHosts()
            throws
        {
            try lab.up()
            let root = "\(lab.folder)/root-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: root) }
            let oldKernel = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
                .appendingPathComponent("old-kernel").path
            let folder = URL(fileURLWithPath: lab.inventory).deletingLastPathComponent().path
            let script = """
                root=$0 file=$1 folder=$2 inventory=$3
                mkdir -p "$root/dev" "$root/proc" "$root$folder"
                for device in null random urandom; do
                    : >"$root/dev/$device"
                    mount --bind "/dev/$device" "$root/dev/$device"
                done
                mount -t proc proc "$root/proc"
                cp "$file" "$root/haprov"
                cp -p "$inventory" "$folder/id_ed25519" "$folder/known_hosts" "$root$folder/"
                env -i HOME=/home \(oldKernel) /usr/sbin/chroot "$root" /haprov history --json "$inventory"
                """
            let told = try Program.run(
                [
                    EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "unshare", "--mount", "sh", "-eu",
                    "-c",
                    script, root, try #require(file), folder, lab.inventory,
                ], within: 300)
            #expect(told.status == 0, "\(told)")
            #expect(try Told(told).summary["ok"].flag == true)
        }
    }
}
