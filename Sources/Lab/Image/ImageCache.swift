import Errors
import Foundation
import Processes

/// Images by the digest of the recipe that made them; built once, by whoever needs one first.
struct ImageCache {
    /// Where images lie.
    var folder: String
    var recipe: ImageRecipe
    /// Told what is being done.
    var report: (String) -> Void

    /// Images that nobody used for this long are removed. Seconds.
    private static let keptFor: TimeInterval = 14 * 24 * 3600

    /// The image of this recipe, built where it is not there yet.
    ///
    /// - Throws: a change failure that names the log of the build.
    func image() async throws(Failure) -> LabImage {
        let image = LabImage(path: "\(folder)/\(try recipe.digest())")
        if !image.exists {
            try Files.makeFolder(folder)
            // Two labs that come up at once need one image: the second waits.
            let lock = try await FileLock(path: "\(folder)/lock", busy: nil)
            defer { withExtendedLifetime(lock) {} }
            if !image.exists {
                try await discardLeftovers()
                try await build(image)
            }
        }
        utimes(image.path + "/complete", nil)
        return image
    }

    /// What a build left that was killed, and images long unused.
    private func discardLeftovers() async throws(Failure) {
        try await ControlGroup(group).destroy()
        for name in Files.names(in: folder) where name != "lock" {
            var status = stat()
            let path = "\(folder)/\(name)"
            let isComplete = stat(path + "/complete", &status) == 0
            let age = Date().timeIntervalSince1970 - TimeInterval(status.st_mtim.tv_sec)
            if !isComplete || age > Self.keptFor { try await Files.remove(path) }
        }
    }

    /// The control group of a build for this cache: whatever is in it belongs to whoever holds the cache's lock.
    private var group: String { "haprov-lab-image.\(Digest.fnv1a(folder))" }

    private func build(_ image: LabImage) async throws(Failure) {
        let build = image.path + ".partial"
        let log = "\(build)/build.log"
        report("building the base image; this is done once and takes a minute or two (log: \(log))")
        try Files.makeFolder(build + "/work")
        try Files.makeFolder(build + "/recipe")
        try recipe.write(to: build + "/recipe")
        try await run("image.sh", build: build, log: log, arguments: [recipe.system.suite, recipe.system.recipe])
        if recipe.system.isDressed {
            try writeSpecs(build)
            try await run("rpms.sh", build: build, log: log, arguments: [])
        }
        try Files.write("", to: build + "/complete")
        guard rename(build, image.path) == 0 else {
            throw Failure(
                .change, step: "base image",
                summary: "cannot rename \(build): \(String(cString: strerror(errno)))", remedy: "Run this again.")
        }
    }

    private func writeSpecs(_ build: String) throws(Failure) {
        let work = build + "/work/"
        let packages = ImagePackages(
            names: recipe.names, baseStatus: try Files.read(work + "balancer.status"),
            baseLists: try Files.read(work + "balancer.lists"), baseTree: try Files.read(work + "balancer.tree"),
            payloadStatus: try Files.read(work + "payload.status"),
            payloadTree: try Files.read(work + "payload.tree"))
        try Files.write(
            SpecFile.text(name: "lab-repository", packages: packages.repository, owners: .root),
            to: work + "repository.spec")
        try Files.write(SpecFile.text(name: "lab-base", packages: packages.base, owners: .kept), to: work + "base.spec")
    }

    private func steps(in log: String) -> [Substring] {
        ((try? Files.read(log)) ?? "").split(separator: "\n").filter { $0.hasPrefix("step: ") }
    }

    /// Runs a script where all that it mounts and starts goes when it goes.
    private func run(_ script: String, build: String, log: String, arguments: [String]) async throws(Failure) {
        let group = try ControlGroup(group)
        try group.create()
        var reported = steps(in: log).count
        let program = try await Command(
            [
                "sh", "-c", #"echo $$ > "$0/cgroup.procs" && exec unshare --mount --propagation slave sh "$@""#,
                group.path, "\(build)/recipe/\(script)", build,
            ] + arguments, log: log
        ).start()
        while true {
            let ended = program.hasEnded
            let steps = steps(in: log)
            for step in steps.dropFirst(reported) { report("  " + step.dropFirst("step: ".count)) }
            reported = max(reported, steps.count)
            if ended { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        let result = await program.wait()
        try await group.destroy()
        guard result.status == 0 else {
            let tail = ((try? Files.read(log)) ?? "").split(separator: "\n").suffix(8).joined(separator: "\n")
            throw Failure(
                .change, step: "base image", summary: "\(script) ended with \(result.status); the log is \(log)",
                remedy: "Look whether this machine reaches its Debian mirror (apt-get update), then run this again.",
                cause: tail)
        }
    }
}
