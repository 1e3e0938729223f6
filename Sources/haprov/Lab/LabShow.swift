import ArgumentParser

struct LabShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the lab's hosts: up, dead, without power, cable cut.",
        discussion: "Ends 1 where there is no such lab, or where a host is not as it was told to be.")

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.run("lab status") { lab, console in console.show(try lab.status()) }
    }
}
