import ArgumentParser

struct LabCut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a host's cable: its NIC loses the link.",
        discussion: "`haprov lab join` mends it.")

    @OptionGroup var cable: LabCable

    func run() async throws { try await cable.set(cut: true) }
}
