import ArgumentParser
import Foundation
import Lab
import Provisioning

/// Which lab, and how to tell about it.
struct LabOptions: ParsableArguments {
    @Option(name: .long, help: "The lab's name; several live side by side. $HAPROV_LAB, or \"default\".")
    var name: String?

    @Flag(name: .long, help: "One JSON object a line on stdout and nothing else.")
    var json = false

    var laboratory: Laboratory {
        get throws {
            let given = name ?? ProcessInfo.processInfo.environment["HAPROV_LAB"]
            let json = json
            return Laboratory(try given.map { try LabName($0) } ?? .standard) { line in
                LabOutput.report(line, json: json)
            }
        }
    }
}

/// Says which lab, for commands whose output is another program's.
struct LabNameOption: ParsableArguments {
    @Option(name: .long, help: "The lab's name. $HAPROV_LAB, or \"default\".")
    var name: String?

    var laboratory: Laboratory {
        get throws {
            let given = name ?? ProcessInfo.processInfo.environment["HAPROV_LAB"]
            return Laboratory(try given.map { try LabName($0) } ?? .standard)
        }
    }
}
