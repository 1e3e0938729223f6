import YAMLReading

extension InventoryDecoder {
    func drill() -> DrillSettings {
        var drill = DrillSettings()
        guard let section = root.section("drill", known: InventoryKeys.drill, elsewhere: InventoryKeys.homes) else {
            return drill
        }
        drill.url = url(in: section)
        drill.expected = expected(in: section, of: drill.url)
        drill.rate = section.integer(
            "rate", in: 1...1000, remedy: "Write how many requests a second each VIP gets: `rate: 50`.")
        drill.verifies = section.flag("verify") ?? false
        drill.authorities = section.text("ca", expected: "the path of a PEM file")
        if let path = drill.authorities, !Words.isPrintable(path) {
            section.fault("ca", "`drill.ca` has control characters", "Write the path of a PEM file.")
        }
        drill.afterApply =
            section.choice("after_apply", of: DrillSettings.AfterApply.allCases.map(\.rawValue))
            .flatMap(DrillSettings.AfterApply.init) ?? drill.afterApply
        drill.allowed = allowed(in: section) ?? drill.allowed
        checkCertificates(drill, in: section)
        return drill
    }

    private func allowed(in section: YAMLSection) -> [String]? {
        let remedy =
            "Write a list of drills, or `all`: `allow: [\(DrillSettings.usuallyAllowed.joined(separator: ", "))]`."
        guard let texts = section.texts("allow", expected: "names of drills, or `all`", remedy: remedy) else {
            return nil
        }
        if texts.map(\.value) == ["all"] { return DrillSettings.names }
        return texts.compactMap { text in
            if DrillSettings.names.contains(text.value) { return text.value }
            let meant = NearestName.of(text.value, among: DrillSettings.names).map { "Did you mean `\($0)`?" }
            faults.error(
                text.place, "`drill.allow` has `\(shown(text.value))`, and there is no such drill",
                meant ?? "There are \(DrillSettings.names.joined(separator: ", ")).")
            return nil
        }
    }

    private func url(in section: YAMLSection) -> ServiceURL? {
        guard let text = section.text("url", expected: "a URL such as `https://shop.example/health`") else {
            return nil
        }
        if let url = ServiceURL(text) { return url }
        section.fault(
            "url",
            "`drill.url` is `\(shown(text))`; expected http://HOST/PATH, https://HOST/PATH or tcp://HOST:PORT",
            "Write `url: https://shop.example/health`: each VIP is asked, and the host is only what requests call it.")
        return nil
    }

    private func expected(in section: YAMLSection, of url: ServiceURL?) -> [ClosedRange<Int>]? {
        let remedy = "Write `expect: 200`, a class as `2xx`, or a list of them: `[200, 3xx]`."
        guard let texts = section.texts("expect", expected: "statuses of HTTP, one or a list", remedy: remedy) else {
            return nil
        }
        if texts.isEmpty { section.fault("expect", "`drill.expect` is empty", remedy) }
        if let url, url.scheme == .tcp {
            section.fault(
                "expect", "`drill.expect` is about answers of HTTP, and \(url) asks for a connection alone",
                "Leave `expect` out, or write an `http://` or `https://` URL.")
        }
        return texts.compactMap { text in
            if let range = Self.statuses(text.value) { return range }
            faults.error(
                text.place,
                "`drill.expect` has `\(shown(text.value))`, which is no status from 100 to 599 and no class",
                remedy)
            return nil
        }
    }

    /// `200`, `2xx`.
    private static func statuses(_ text: String) -> ClosedRange<Int>? {
        if let number = Notation.integer(text) { return (100...599).contains(number) ? number...number : nil }
        guard text.count == 3, text.lowercased().hasSuffix("xx"), let digit = text.first?.wholeNumberValue,
            (1...5).contains(digit)
        else { return nil }
        return digit * 100...digit * 100 + 99
    }

    private func checkCertificates(_ drill: DrillSettings, in section: YAMLSection) {
        if !drill.verifies, drill.authorities != nil {
            section.fault(
                "ca", "`drill.ca` says whom certificates may be signed by, and without `drill.verify` nobody looks",
                "Add `verify: true`, or leave `ca` out.")
        }
        // A URL that could not be read has been reported.
        let isUnread = drill.url == nil && section.contains("url")
        if drill.verifies, !isUnread, drill.url?.scheme != .https {
            section.fault(
                "verify", "`drill.verify` holds certificates against the host of an https:// URL, and there is none",
                "Write `url: https://NAME/PATH`, or leave `verify` out.")
        }
    }
}
