import ArgumentParser
import Errors
import Foundation
import Reports

/// Files that a proof is written to.
struct ReportFiles: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a page that one can hand in: figures, timelines and logs in one file of HTML.",
            valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp("Write the outcome as build servers read it.", valueName: "file.xml"),
        completion: .file(extensions: ["xml"]))
    var junit: String?

    @OptionGroup var language: LanguageOption

    var isWanted: Bool { report != nil || junit != nil }

    /// Whether they can be written, before anything is begun.
    func check() throws(Failure) {
        for path in [report, junit].compactMap({ $0 }) {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            let canWrite =
                isThere
                ? !isFolder.boolValue && FileManager.default.isWritableFile(atPath: path)
                : FileManager.default.isWritableFile(atPath: folder)
            guard canWrite else {
                throw Failure(
                    .input, step: "report", summary: "\(path) cannot be written",
                    remedy: "Name a file in a folder that is there and that you may write to.")
            }
        }
    }

    func write(_ proof: ProofRecord, console: Console) throws(Failure) {
        if let report {
            try Self.write(ReportPage.html(of: proof, in: language.chosen), to: report)
            console.say("The report is in \(report).")
        }
        if let junit { try Self.write(JUnit.text(of: proof), to: junit) }
    }

    /// The proof in lines of `--json`: the last summary that has drills, with the errors before it.
    static func proof(in lines: [String], of name: String) throws(Failure) -> ProofRecord {
        var proof: ProofRecord?
        var problems: [String] = []
        for line in lines {
            let data = Data(line.utf8)
            if let error = try? JSONDecoder().decode(ErrorLine.self, from: data), error.type == "error" {
                problems.append(error.text)
            }
            do { proof = try JSONDecoder().decode(ProofRecord.self, from: data) } catch {}
        }
        guard var proof else {
            throw Failure(
                .input, step: "report", summary: "\(name) has no drills",
                remedy: "Give it what `haprov verify --json` printed: its last line tells of them.")
        }
        if proof.problems == nil { proof.problems = problems }
        return proof
    }

    /// An error as `--json` has it.
    private struct ErrorLine: Decodable {
        var type: String
        var host: String?
        var message: String
        var remedy: String?
        var text: String { (host.map { "\($0): " } ?? "") + message + (remedy.map { " \($0)" } ?? "") }
    }

    private static func write(_ text: String, to path: String) throws(Failure) {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) } catch {
            throw Failure(
                .input, step: "report", summary: "\(path) cannot be written: \(error.localizedDescription)",
                remedy: "Name a file in a folder that is there and that you may write to.")
        }
    }
}
