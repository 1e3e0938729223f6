import ArgumentParser
import Foundation
import Inventory
import Lab
import Provisioning

struct LabUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Build the lab, or repair it.",
        discussion: """
            The first time, a base image is built from this machine's Debian mirror and cached. Again on a lab that is \
            there, hosts that died are booted again on their disks, and nothing else is touched.
            """)

    @OptionGroup var options: LabOptions

    @Option(name: .long, help: "Build the cluster of this inventory rather than the guide's.", completion: .file())
    var inventory: String?

    @Option(
        name: .long, help: "standard, or dead-repositories: no package can be had from the hosts' own repositories.")
    var flavour: LabFlavour?

    func run() throws {
        try LabOutput.attempt("lab up", json: options.json) {
            let started = Date()
            var status = try options.laboratory.up(cluster: try inventory.map(read), flavour: flavour)
            status.command = "lab up"
            LabOutput.show(status, json: options.json)
            if !options.json {
                let seconds = (Date().timeIntervalSince(started) * 10).rounded() / 10
                let name = status.lab == LabName.standard.description ? "" : " --name \(status.lab)"
                print("up in \(seconds) s; next: haprov lab run\(name) -- haprov plan")
            }
        }
    }

    private func read(_ path: String) throws -> Cluster {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw Failure(
                .input, step: "lab up", summary: "cannot read \(path)", remedy: "Name an inventory that exists.")
        }
        let reading = InventoryReader.read(text, file: path)
        for diagnostic in reading.diagnostics {
            FileHandle.standardError.write(Data("\(diagnostic)\n".utf8))
        }
        guard let cluster = reading.cluster else {
            throw Failure(
                .input, step: "lab up", summary: "\(path) is not a valid inventory",
                remedy: "Correct what is named above; `haprov check` looks again.")
        }
        return cluster
    }
}

extension LabFlavour: ExpressibleByArgument {}
