import ArgumentParser

/// The cable of one host of a lab, for the commands that cut and mend it.
struct LabCable: ParsableArguments {
    @OptionGroup var options: LabOptions

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    func set(cut: Bool) async throws {
        try await options.run(cut ? "lab cut" : "lab join") { [host] lab, console in
            try await lab.setCable(of: host, cut: cut)
            return console.show(try lab.status())
        }
    }
}
