import ArgumentParser
import Foundation

struct Man: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a manual page, for `man -l -` or to be put where man(1) looks.",
        discussion: """
            The pages are haprov(1) and haprov-vrrpd(8).

              haprov man | man -l -
              haprov man haprov-vrrpd >/usr/local/share/man/man8/haprov-vrrpd.8
            """)

    enum Page: String, ExpressibleByArgument, CaseIterable {
        case haprov
        case haprovVRRPD = "haprov-vrrpd"
    }

    @Argument(help: "haprov or haprov-vrrpd.")
    var page = Page.haprov

    func run() throws {
        let text =
            switch page {
            case .haprov: ManualPage.text(of: Haprov.self)
            case .haprovVRRPD: try ShippedFolder.assets().text("haprov-vrrpd.8")
            }
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
