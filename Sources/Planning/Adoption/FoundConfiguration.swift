import HAProxyReading
import Inventory

/// A configuration of HAProxy's as it was found on a host: what it names below its folder belongs to it.
struct FoundConfiguration {
    /// haproxy.cfg; nil where HAProxy was given another file, or several.
    private(set) var main: String?
    private(set) var reading = HAProxyConfiguration()
    private let facts: Facts

    init(_ facts: Facts) {
        self.facts = facts
        // A folder that is empty adds nothing.
        let files =
            facts.haproxyConfigurations.filter { facts.files[$0]?.kind != .directory } + facts.configurationParts
        guard files.count == 1, let only = files.first, only.hasSuffix("/\(OwnConfiguration.mainFile)") else { return }
        main = only
        reading = HAProxyReader.read([
            .init(file: only, text: String(decoding: facts.files[only]?.content ?? [], as: UTF8.self))
        ])
    }

    var folder: String { main.map(ProgramResource.folder) ?? "" }

    /// Files below its folder that it names, by themselves or by their folder.
    var wanted: [String] {
        guard main != nil else { return [] }
        let below = facts.trees[HAProxy.program]?.files.keys.map { "\(folder)/\($0)" } ?? []
        let named = inside.map { "\(folder)/\($0)" }
        return below.filter { file in named.contains { file == $0 || file.hasPrefix("\($0)/") } }.sorted()
    }

    /// What it names, as paths below its folder.
    private var inside: [String] {
        reading.files.compactMap { file in
            let path = file.path.hasSuffix("/") ? String(file.path.dropLast()) : file.path
            if path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.count + 1)) }
            return file.isAbsolute ? nil : (startsInFolder ? path : nil)
        }
    }

    /// Whether relative paths mean the configuration's folder.
    private var startsInFolder: Bool {
        let arguments = facts.eldest(HAProxy.program)?.arguments ?? []
        return zip(arguments, arguments.dropFirst()).contains { $0.0 == "-C" && $0.1 == folder }
    }

    /// Its files, by path below its folder.
    var files: [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for path in wanted + [main].compactMap({ $0 }) {
            guard let content = facts.files[path]?.content else { continue }
            found[String(path.dropFirst(folder.count + 1))] = content
        }
        return found
    }

    /// What is to be known of it.
    var remarks: [String] {
        var texts: [String] = []
        let outside = reading.files.filter { $0.isAbsolute && !$0.path.hasPrefix(folder + "/") }
        if !outside.isEmpty {
            let paths = Set(outside.map(\.path)).sorted().joined(separator: ", ")
            texts.append("haproxy.cfg names files outside of \(folder), which stay there and are not kept: \(paths)")
        }
        let relative = reading.files.filter { !$0.isAbsolute && !startsInFolder }
        if !relative.isEmpty {
            texts.append(
                "haproxy.cfg names \(Set(relative.map(\.path)).sorted().joined(separator: ", ")) from wherever HAProxy is "
                    + "started, which is not known: put them into \(folder) and write their whole paths")
        }
        let unread = wanted.filter { facts.files[$0]?.content == nil }
        if !unread.isEmpty {
            texts.append("too large to be taken over, and left where they are: \(unread.joined(separator: ", "))")
        }
        if let main, facts.files[main]?.content == nil { texts.append("\(main) is too large to be read") }
        return texts
    }
}
