import ArgumentParser
import Errors
import Foundation
import Inventory
import Planning
import Provisioning
import YAMLReading

struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Write an inventory from a cluster that was set up by hand. Changes nothing on it.",
        discussion: """
            Name all balancers. What runs there is compared and written down so that it stays: programs, paths, services, \
            addresses, priorities. Beside the inventory comes a folder haproxy/ with haproxy.cfg, the files that it names and \
            VRRP's password. Never over what is there. Then: haprov check, haprov plan.

              haprov adopt root@172.16.122.101 root@172.16.122.102 root@172.16.122.103
              haprov adopt --ssh-config ~/.ssh/config lb1 lb2
            """)

    @Argument(help: ArgumentHelp("The balancers, each as ssh has it.", valueName: "[user@]host[:port]"))
    var hosts: [String]

    @Option(help: "The inventory to write.", completion: .file(extensions: ["yml", "yaml"]))
    var to = "inventory.yml"

    @Option(help: ArgumentHelp("What the service is called.", valueName: "name"))
    var cluster = "web"

    @OptionGroup var login: LoginOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard hosts.count > 1 else {
            throw ValidationError("A VIP can move only between two balancers or more: name all of them.")
        }
    }

    func run() async throws {
        try await Runner.run("adopt", output) { [self] console, _ in
            try AdoptedFolder.refuseOther(at: to)
            let targets = try hosts.map { try AdoptionTarget($0, login) }
            let work = AdoptWork(targets: targets, login: login, cluster: cluster, console: console)
            let adoption = try await work.adoption()
            let text = try work.inventory(of: adoption)
            try AdoptedFolder.write(text, adoption.files, to: to)
            for remark in adoption.remarks { console.show(.note(host: remark.host, text: remark.text)) }
            console.say(
                "Wrote \(to), and \(Adoption.folder)/ beside it. Look through it, then `haprov check` and `haprov plan`."
            )
            return Outcome(fields: ["file": .text(to)])
        }
    }
}

/// How the hosts are logged in to.
struct LoginOptions: ParsableArguments {
    @Option(help: "The user, where a host names none.")
    var user: String?

    @Option(
        help: ArgumentHelp("A key; otherwise the agent and the usual files.", valueName: "file"), completion: .file())
    var identity: String?

    @Option(
        help: ArgumentHelp("The hosts' keys; otherwise ~/.ssh/known_hosts.", valueName: "file"), completion: .file())
    var knownHosts: String?

    @Option(
        help: ArgumentHelp("OpenSSH's configuration, for what is not said here.", valueName: "file"),
        completion: .file())
    var sshConfig: String?

    @Option(help: ArgumentHelp("A bastion: [user@]host[:port].", valueName: "host"))
    var jump: String?

    @Option(help: ArgumentHelp("How the user becomes root: sudo or su.", valueName: "program"))
    var become: String?

    /// As lines of `ssh` in an inventory.
    var lines: [String] {
        // The inventory may be written into another folder.
        let files = [("identity", identity), ("known_hosts", knownHosts), ("config", sshConfig)].map { key, path in
            let here = FileManager.default.currentDirectoryPath
            return (key, path.map { $0.hasPrefix("/") || $0.hasPrefix("~") ? $0 : "\(here)/\($0)" })
        }
        let pairs = files + [("jump", jump)]
        return pairs.compactMap { key, value in value.map { "\(key): \(Adoption.scalar($0))" } }
            + (become.map { ["become: { by: \(Adoption.scalar($0)) }"] } ?? [])
    }
}
