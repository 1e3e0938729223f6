import ArgumentParser

struct LabJoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Mend the cable of a host that was cut.")

    @OptionGroup var cable: LabCable

    func run() async throws { try await cable.set(cut: false) }
}
