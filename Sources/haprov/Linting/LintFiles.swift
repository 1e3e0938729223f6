import Errors
import FilePatterns
import Foundation
import HAProxyReading
import Linting
import VRRP

/// Files that people wrote by hand, sorted by what they are and by the balancer that they are of.
struct LintFiles {
    /// What a file is, by its content alone: names say little where files of several balancers lie in one folder.
    enum Kind {
        case vrrp
        case haproxy
        /// Settings of the kernel, as in /etc/sysctl.conf.
        case sysctl
        case other
    }

    private struct File {
        var path: String
        var text: String
        var kind: Kind
        var folder: String { URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path }
    }

    private let files: [File]

    /// - Throws: failures, for every file that cannot be read or is none of these.
    init(_ paths: [String]) throws {
        var failures: [Failure] = []
        var files: [File] = []
        for path in paths {
            do throws(Failure) {
                let text = try Self.text(path)
                let kind = Self.kind(of: text)
                if kind == .other {
                    failures.append(
                        Failure(
                            .input, step: "check", summary: "\(path) is neither a keepalived.conf nor a haproxy.cfg",
                            remedy:
                                "Name files with `vrrp_instance`, or with `frontend`, `backend`, `listen`, `defaults` or "
                                + "`global`; check scripts are found by themselves."))
                }
                if kind != .other, text.contains("{{") {
                    failures.append(
                        Failure(
                            .input, step: "check", summary: "\(path) is a template ({{ … }})",
                            remedy: "Name what is made of it: a template says too little."))
                }
                files.append(File(path: path, text: text, kind: kind))
            } catch {
                failures.append(error)
            }
        }
        guard failures.isEmpty else { throw Failures(failures) }
        self.files = files
    }

    private static func text(_ path: String) throws(Failure) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .input, step: "check", summary: "\(path) cannot be read",
                remedy: "Look at its name and its rights.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    static func kind(of text: String) -> Kind {
        let words = Set(
            text.split(whereSeparator: \.isNewline).compactMap { line in
                line.drop { $0 == " " || $0 == "\t" }.split { " \t{".contains($0) }.first
            })
        if !words.isDisjoint(with: ["vrrp_instance", "vrrp_script", "global_defs", "vrrp_sync_group"]) {
            return .vrrp
        }
        if !words.isDisjoint(with: ["frontend", "backend", "listen", "defaults", "global"]) { return .haproxy }
        return text.contains("ip_nonlocal_bind") ? .sysctl : .other
    }

    /// A balancer for each keepalived.conf; the others are those of the balancer in whose folder they are, else of the one whose
    /// number in order they have, else of all.
    func subject(promise: Int, now: Int) -> LintSubject {
        let main = files.filter { $0.kind == .vrrp }
        var balancers = main.map { file in
            var balancer = LintSubject.Balancer(name: name(of: file, among: main))
            let result = ConfigurationReader.read(
                ConfigurationReader.Source(file: file.path, text: file.text), include: Self.included)
            balancer.keepalived = LintSubject.Keepalived(file: file.path, result: result)
            for script in result.configuration.scripts {
                guard let path = script.command.first, let found = Self.script(path, beside: file.folder) else {
                    continue
                }
                balancer.scripts[path] = found
            }
            return balancer
        }
        let configurations = files.filter { $0.kind == .haproxy }
        if main.isEmpty {
            balancers = configurations.map { LintSubject.Balancer(name: name(of: $0, among: configurations)) }
        }
        let shares = share(configurations, among: main)
        for (index, own) in shares.enumerated() where !own.isEmpty {
            let reading = HAProxyReader.read(own.map { HAProxyReader.Source(file: $0.path, text: $0.text) })
            balancers[index].haproxy = reading
            balancers[index].certificates = reading.files.compactMap { named in
                let path = named.isAbsolute ? named.path : "\(own[0].folder)/\(named.path)"
                return FileManager.default.contents(atPath: path).map {
                    LintSubject.Certificate(file: path, text: String(decoding: $0, as: UTF8.self))
                }
            }
        }
        let settings = files.filter { $0.kind == .sysctl }
        for (index, own) in share(settings, among: main.isEmpty ? configurations : main).enumerated() where !own.isEmpty
        {
            balancers[index].bindsForeignAddresses = own.contains { Self.bindsForeignAddresses($0.text) }
        }
        return LintSubject(balancers: balancers, promise: promise, now: now)
    }

    private func share(_ files: [File], among main: [File]) -> [[File]] {
        guard !main.isEmpty else { return files.map { [$0] } }
        guard main.count > 1 else { return [files] }
        let folders = main.map(\.folder)
        let strays = files.filter { !folders.contains($0.folder) }
        return main.indices.map { index in
            let near = files.filter { $0.folder == folders[index] }
            if Set(folders).count == folders.count, strays.count < files.count { return near.isEmpty ? strays : near }
            return files.count == main.count ? [files[index]] : files
        }
    }

    /// By its folder where that tells it from the others, else by its own name.
    private func name(of file: File, among all: [File]) -> String {
        let url = URL(fileURLWithPath: file.path)
        let folders = all.map(\.folder)
        if all.count > 1, Set(folders).count == all.count { return URL(fileURLWithPath: file.folder).lastPathComponent }
        return all.count > 1 ? url.deletingPathExtension().lastPathComponent : "this balancer"
    }

    private static func included(_ pattern: String, _ from: String) -> [ConfigurationReader.Source] {
        let folder = URL(fileURLWithPath: from).deletingLastPathComponent().path
        return FilePattern.files(pattern.hasPrefix("/") ? pattern : "\(folder)/\(pattern)").compactMap { path in
            FileManager.default.contents(atPath: path).map {
                ConfigurationReader.Source(file: path, text: String(decoding: $0, as: UTF8.self))
            }
        }
    }

    /// At its own path, or as a copy beside keepalived.conf, whose rights say less.
    private static func script(_ path: String, beside folder: String) -> LintSubject.Script? {
        let copy = "\(folder)/\(path.split(separator: "/").last ?? "")"
        for (place, isItself) in [(copy, copy == path), (path, true)] {
            guard let data = FileManager.default.contents(atPath: place), data.count < 100_000, !data.contains(0),
                let mode = try? FileManager.default.attributesOfItem(atPath: place)[.posixPermissions] as? Int
            else { continue }
            // A copy seldom is executable, and what others may not do there they may not do to the script.
            return LintSubject.Script(
                file: place, text: String(decoding: data, as: UTF8.self), mode: isItself ? mode : mode | 0o111)
        }
        return nil
    }

    private static func bindsForeignAddresses(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let parts = line.split(separator: "=").map { $0.filter { $0 != " " && $0 != "\t" } }
            return parts.count == 2 && parts[0].hasSuffix("ip_nonlocal_bind") && !parts[0].hasPrefix("#")
                && parts[1] == "1"
        }
    }
}
