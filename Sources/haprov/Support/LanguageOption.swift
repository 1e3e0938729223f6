import ArgumentParser
import Foundation
import Texts

extension Explanation.Language: ExpressibleByArgument {}

/// For what haprov writes for people to read and keep.
struct LanguageOption: ParsableArguments {
    @Option(
        name: [.long, .customLong("lang")],
        help: ArgumentHelp("The language of what is written: en or zh; otherwise by $LANG.", valueName: "en|zh"))
    var language: Explanation.Language?

    var chosen: Explanation.Language {
        let environment = ProcessInfo.processInfo.environment
        let locale = environment["LC_ALL"] ?? environment["LANG"] ?? ""
        return language ?? (locale.hasPrefix("zh") ? .chinese : .english)
    }
}
