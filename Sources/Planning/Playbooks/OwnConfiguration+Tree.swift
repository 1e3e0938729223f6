import HAProxyReading
import Inventory
import YAMLReading

extension Tree {
    /// The operator's own configuration as a host should have it: rendered, with what haprov adds; the main file last.
    ///
    /// - Parameter isAlone: whether HAProxy is started by somebody who knows nothing of what haprov adds.
    init(_ own: OwnConfiguration, host: String, values: TemplateContext, isAlone: Bool) {
        let files = own.files(on: host).map { path, content in
            let name = OwnConfiguration.withoutSuffix(path)
            return TreeFile(
                path: name, content: name == path ? content : values.rendered(content), isInitial: own.isUnmanaged(name)
            )
        }
        let (main, others) = (
            files.filter { $0.path == OwnConfiguration.mainFile }, files.filter { $0.path != OwnConfiguration.mainFile }
        )
        let reading = HAProxyReader.read(main.map(\.source))
        let added = TreeFile(
            path: OwnConfiguration.addedFile, content: Array(reading.addition(asking: values.answerPort).utf8))
        self.init(files: others + (isAlone ? [] : [added]) + main, unmanaged: own.unmanaged)
    }

    /// What the configuration says.
    package var reading: HAProxyConfiguration {
        HAProxyReader.read(files.filter { $0.path == OwnConfiguration.mainFile }.map(\.source))
    }
}

extension TreeFile {
    fileprivate var source: HAProxyReader.Source {
        HAProxyReader.Source(file: path, text: String(decoding: content, as: UTF8.self))
    }
}

extension OwnConfiguration {
    /// Those of all hosts, with this one's in place of them; by path.
    fileprivate func files(on host: String) -> [(path: String, content: [UInt8])] {
        let own = hostFiles[host] ?? [:]
        let names = Set(own.keys.map(Self.withoutSuffix))
        let common = files.filter { !names.contains(Self.withoutSuffix($0.key)) }
        return common.merging(own) { $1 }.map { (path: $0.key, content: $0.value) }.sorted { $0.path < $1.path }
    }
}

extension HAProxyConfiguration {
    /// What haprov needs and the configuration lacks, as a file that HAProxy reads after it.
    ///
    /// - Parameter port: where the health check asks; nil where it asks for a process.
    fileprivate func addition(asking port: Int?) -> String {
        var lines: [String] = []
        if let port {
            lines += [
                "    # Where the health check asks whether HAProxy answers. Sockets of this kind do not count for maxconn.",
                "    stats socket ipv4@127.0.0.1:\(port) level user",
            ]
        }
        if usableSocket == nil {
            lines += [
                "    # Lets a new worker take over the listening sockets: a reload drops no connection.",
                "    stats socket \(HAProxy.addedSocket) mode 600 level admin expose-fd listeners",
            ]
        }
        if stateFile == nil, loadsState {
            lines += [
                "    # Servers that `haprov server` has taken out stay so over reloads and restarts.",
                "    server-state-file \(HAProxy.stateFile)",
            ]
        }
        let head = "# Written by haprov: what it needs beside haproxy.cfg.\n"
        return lines.isEmpty ? head : head + "global\n" + lines.joined(separator: "\n") + "\n"
    }
}

extension TemplateContext {
    /// What is wrong in the templates of the operator's own configuration.
    var configurationFaults: [Diagnostic] {
        guard let own else { return [] }
        let folders = [(own.source, own.files)] + own.hostFiles.map { ("\(own.perHost ?? "")/\($0.key)", $0.value) }
        return folders.flatMap { folder, files in
            files.sorted { $0.key < $1.key }.filter { $0.key.hasSuffix(OwnConfiguration.templateSuffix) }.flatMap {
                path, content in
                faults(in: String(decoding: content, as: UTF8.self)).map {
                    $0.diagnostic(file: "\(folder)/\(path)", at: $0.place)
                }
            }
        }
    }

    /// Left as it is where it has faults, of which ``configurationFaults`` tells.
    fileprivate func rendered(_ content: [UInt8]) -> [UInt8] {
        let text = String(decoding: content, as: UTF8.self)
        return faults(in: text).isEmpty ? Array(render(text).utf8) : content
    }
}
