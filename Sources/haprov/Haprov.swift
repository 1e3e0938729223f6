import ArgumentParser

@main
struct Haprov: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "haprov", abstract: "Make HAProxy highly available on plain Linux hosts, and prove it.",
        subcommands: [LabCommand.self])
}
