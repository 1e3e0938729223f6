import ArgumentParser

struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "The same cluster on this machine, to try things on.",
        discussion: """
            Boots every host of an inventory as a real systemd system in a network namespace of its own, on the \
            addresses and NICs that the inventory names. Nothing of it touches the machine's own network. Needs root.

              haprov lab up
              haprov lab run -- haprov plan
              haprov lab cut haproxy1
              haprov lab down
            """,
        subcommands: [
            LabUp.self, LabShow.self, LabRun.self, LabExec.self, LabCut.self, LabJoin.self, LabPower.self,
            LabDown.self,
        ])
}
