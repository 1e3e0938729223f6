import ArgumentParser
import Foundation
import Lab
import Provisioning

/// How `haprov lab` speaks: plain lines, or one JSON object a line.
enum LabOutput {
    private struct Event: Encodable {
        var type = "event"
        var message: String
    }

    private struct Broken: Encodable {
        var type = "summary"
        var command: String
        var ok = false
        var error: String
    }

    static func report(_ line: String, json: Bool) {
        if json { write(Event(message: line)) } else { print(line) }
        fflush(nil)
    }

    static func show(_ status: LabStatus, json: Bool) {
        if json { return write(status) }
        let width = status.hosts.map(\.name.count).max() ?? 0
        for host in status.hosts {
            let name = host.name + String(repeating: " ", count: width - host.name.count)
            let power = host.off ? "no power" : host.up ? "up" : "dead"
            print("\(name)  \(host.address)  \(host.interface)  \(host.role)  \(power)\(host.cut ? ", cable cut" : "")")
        }
        print("controller \(status.controller), namespace \(status.namespace)")
        print("inventory  \(status.inventory)")
        print("rpms       \(status.rpms)")
    }

    static func write(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return }
        print(String(decoding: data, as: UTF8.self))
    }

    /// Does what a command is for; a failure is told on stderr (or in the JSON summary) and becomes an exit code.
    static func attempt(_ command: String, json: Bool, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            if json { write(Broken(command: command, error: failure.summary)) }
            let place = [failure.host, failure.step].compactMap { $0 }.joined(separator: ": ")
            var text = "error: \(place): \(failure.summary)\n"
            if let cause = failure.cause, !cause.isEmpty {
                text += cause.split(separator: "\n").map { "    \($0)\n" }.joined()
            }
            text += "  \(failure.remedy)\n"
            FileHandle.standardError.write(Data(text.utf8))
            throw ExitCode(failure.kind == .input ? 64 : 1)
        }
    }
}
