import Foundation
import Testing
import VRRP

/// The real keepalived reads what this reader reads.
@Suite struct KeepalivedTests {
    /// What `keepalived -t` says of each file, in a network of its own that has the NICs the files name.
    private static func complaints(_ files: [URL]) throws -> [[String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        let script = """
            ip link add eth0 type veth peer name eth1 && ip link add ens33 type veth peer name ens192 || exit 1
            for file; do keepalived -t -f "$file" 2>&1; echo "status $?"; done
            """
        process.arguments = ["--net", "sh", "-c", script, "sh"] + files.map(\.path)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        var complaints: [[String]] = [[]]
        for line in text.split(separator: "\n") {
            if !line.hasPrefix("status ") {
                complaints[complaints.count - 1].append(String(line))
            } else {
                let status = try #require(Int(line.dropFirst(7)))
                // 6: it is well but for the security of scripts.
                if status == 0 || status == 6 { complaints[complaints.count - 1] = [] }
                complaints.append([])
            }
        }
        return Array(complaints.dropLast())
    }

    /// Leaves out what depends on the host rather than on the file.
    private static func ofFile(_ complaints: [String]) -> [String] {
        let ofHost = ["not found/accessible", "SECURITY VIOLATION", "no kernel support", "not supported by kernel"]
        return complaints.filter { line in !ofHost.contains { line.contains($0) } }
    }

    private func folder(_ texts: [String]) throws -> (folder: URL, files: [URL]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "haprov-conf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = try texts.enumerated().map { index, text in
            let file = folder.appending(path: "\(index).conf")
            try Data(text.utf8).write(to: file)
            return file
        }
        return (folder, files)
    }

    private func compare(_ texts: [String]) throws {
        let (folder, files) = try folder(texts)
        defer { try? FileManager.default.removeItem(at: folder) }
        let all = try Self.complaints(files)
        try #require(all.count == texts.count)
        for (text, complaints) in zip(texts, all) {
            // Where there is a warning keepalived may complain too; where there is none it must not.
            guard ReaderTests.read(text).diagnostics.isEmpty else { continue }
            #expect(Self.ofFile(complaints) == [], "\(text)")
        }
    }

    @Test func whatItRefusesIsSeenToBeRefused() throws {
        let (folder, files) = try folder(["vrrp_instance V {\ninterface eth0\n}\n", ReaderTests.guide])
        defer { try? FileManager.default.removeItem(at: folder) }
        let all = try Self.complaints(files)
        #expect(Self.ofFile(all[0]) != [])
        #expect(Self.ofFile(all[1]) == [])
    }

    @Test func itAcceptsEveryFixtureOfWhichNothingIsTold() throws {
        let texts = try ConfigurationFixtureTests.names.map {
            String(decoding: try Data(contentsOf: ConfigurationFixtureTests.file("\($0).conf")), as: UTF8.self)
        }
        #expect(texts.filter { ReaderTests.read($0).diagnostics.isEmpty }.count >= 4)
        try compare(texts)
    }

    @Test func itAcceptsWhatIsWritten() throws {
        var random = RandomConfiguration(seed: 7)
        let texts = (0..<100).map { _ in random.make().text }
        #expect(texts.filter { ReaderTests.read($0).diagnostics.isEmpty }.count > 50)
        try compare(texts)
    }
}
