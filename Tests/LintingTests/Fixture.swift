import Foundation
import HAProxyReading
import Testing
import VRRP

@testable import Linting

/// A case of `Fixtures/*.txt`: files of balancers, and the codes that they give.
///
/// A case begins with `== NAME: CODE CODE…` (none where nothing is found). `-- lb1 keepalived`, `-- lb1 haproxy`,
/// `-- lb1 script PATH MODE` and `-- lb1 sysctl 1` begin a file, the lines of which follow. `-- promise 5000` says what was promised.
struct Fixture: Sendable, CustomTestStringConvertible {
    var file: String
    var name: String
    var codes: [String]
    var subject = LintSubject()

    var testDescription: String { "\(file): \(name)" }

    static let files = ["vrrp", "checks", "haproxy", "agreement", "posted"]

    static let all: [Fixture] = files.flatMap { name -> [Fixture] in
        guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "txt"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return ("\n" + text).components(separatedBy: "\n== ").dropFirst().map { Fixture($0, file: name) }
    }

    init(_ text: String, file: String) {
        self.file = file
        let head = text.prefix { $0 != "\n" }
        let parts = head.components(separatedBy: ": ")
        name = parts[0]
        codes = parts.dropFirst().joined().split(separator: " ").map(String.init)
        for section in text.dropFirst(head.count).components(separatedBy: "\n-- ").dropFirst() {
            let title = section.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
            add(title, String(section.drop { $0 != "\n" }.dropFirst()))
        }
    }

    private mutating func add(_ title: [String], _ text: String) {
        if title[0] == "promise" {
            subject.promise = Int(title[1])
            return
        }
        if !subject.balancers.contains(where: { $0.name == title[0] }) {
            subject.balancers.append(LintSubject.Balancer(name: title[0]))
        }
        guard let index = subject.balancers.firstIndex(where: { $0.name == title[0] }) else { return }
        let path = "\(title[0])/\(title[1])"
        switch title[1] {
        case "keepalived":
            subject.balancers[index].keepalived = LintSubject.Keepalived(
                file: path, result: ConfigurationReader.read(ConfigurationReader.Source(file: path, text: text)))
        case "haproxy":
            subject.balancers[index].haproxy = HAProxyReader.read([HAProxyReader.Source(file: path, text: text)])
        case "script":
            subject.balancers[index].scripts[title[2]] = LintSubject.Script(
                file: title[2], text: text, mode: Int(title[3], radix: 8))
        case "sysctl": subject.balancers[index].bindsForeignAddresses = title[2] == "1"
        default: Issue.record("unknown part \(title)")
        }
    }
}
