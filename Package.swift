// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// For the static daemon: without the regular expressions that every Swift file imports unasked it is a megabyte smaller.
let lean: [SwiftSetting] =
    strict + [
        .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])
    ]

// Kinds of resources that bring shell functions: Kinds/File/file.sh.
let kinds = [
    "Archive", "Command", "Directory", "File", "Firewall", "Health", "Link", "Package", "SELinux", "Service", "Sysctl",
    "Tree", "User",
]

/// Whether libssh2 reads every kind of private key and signs with RSA by SHA-2, as it does since 1.11.
let libraryReadsKeys: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["pkg-config", "--atleast-version=1.11", "libssh2"]
    process.standardError = nil
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
}()

let package = Package(
    name: "haprov",
    products: [
        .executable(name: "haprov", targets: ["haprov"]),
        .executable(name: "haprov-prober", targets: ["haprov-prober"]),
        .executable(name: "haprov-vrrpd", targets: ["haprov-vrrpd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // Without traits: its default one brings Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        // Not a system library: its start has to come before libcrypto's first use.
        .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        // OpenSSL's libssl, which comes before libcrypto where both are linked statically.
        .target(name: "CTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // zlib, liblzma and libbz2.
        .systemLibrary(name: "CCompression", providers: [.apt(["zlib1g-dev", "liblzma-dev", "libbz2-dev"])]),
        // What comes before main(): the names of hosts and users without modules of the system's, /proc.
        .target(name: "CStart"),
        // What every part tells its users by when something went wrong; it imports nothing.
        .target(name: "Errors", swiftSettings: strict),
        // Kernel interfaces that Swift's Glibc module leaves out, and what of that module the daemon, which is compiled in
        // Embedded mode, has to do without; headers only.
        .systemLibrary(name: "CLinux"),
        // What main() gets, for the daemon.
        .target(name: "CArguments"),
        // The files that a pattern names; for the daemon too.
        .target(name: "FilePatterns", dependencies: ["CLinux"], swiftSettings: lean),
        // What several parts do with text; it imports nothing.
        .target(name: "Texts", swiftSettings: lean),
        // Pure: tar, read and written; it imports nothing.
        .target(name: "Archives", swiftSettings: strict),
        // Pure: headers of RPMs, and the index of a folder of them; it imports nothing.
        .target(name: "RPMs", swiftSettings: strict),
        .target(name: "Compression", dependencies: ["CCompression"], swiftSettings: strict),
        // By OpenSSL.
        .target(name: "Digests", dependencies: ["CCrypto", "Errors"], swiftSettings: strict),
        // The data types of SSH; it imports nothing.
        .target(name: "SSHWire", swiftSettings: strict),
        // Private keys: reading them, and signing what libssh2 before 1.11 cannot sign. Left out below where it can.
        .target(name: "SSHKeys", dependencies: ["CCrypto", "SSHWire"], swiftSettings: strict),
        // Programs of this machine, run to their end.
        .target(
            name: "Processes",
            dependencies: [
                "Errors", "Texts",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        // YAML with positions, every fault of a file at once; a leaf.
        .target(name: "YAMLReading", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: strict),
        // Pure: what a configuration of HAProxy's says; it imports nothing.
        .target(name: "HAProxyReading", swiftSettings: strict),
        .target(
            name: "Inventory", dependencies: ["HAProxyReading", "Texts", "VRRP", "YAMLReading"], swiftSettings: strict),
        // Pure: what makes a cluster fail that looks fine.
        .target(
            name: "Linting", dependencies: ["HAProxyReading", "Inventory", "Texts", "VRRP", "YAMLReading"],
            swiftSettings: strict),
        // Pure: the shell that runs on hosts, and the quoting of what reaches it.
        .target(name: "HostShell", resources: [.embedInCode("lib.sh")], swiftSettings: strict),
        .target(
            name: "SSH",
            dependencies: ["CLinux", "CSSH2", "CCrypto", "Digests", "HostShell", "SSHKeys", "SSHWire", "Texts"],
            exclude: [libraryReadsKeys ? "OwnKeys" : "LibraryKeys"], swiftSettings: strict),
        // Pure: it imports nothing, not even the C library.
        .target(name: "VRRP", swiftSettings: lean),
        // Shipped as Embedded Swift, by `make vrrpd`; here and in tests as any other.
        .target(name: "VRRPDaemon", dependencies: ["VRRP", "CLinux", "FilePatterns", "Texts"], swiftSettings: lean),
        .executableTarget(
            name: "haprov-vrrpd", dependencies: ["CArguments", "CLinux", "VRRPDaemon"],
            path: "Sources/VRRPDaemonCommand",
            swiftSettings: lean),
        // Pure: from what is wanted and what hosts are like to what is done to them.
        .target(
            name: "Planning",
            dependencies: [
                "Archives", "Digests", "Errors", "HAProxyReading", "Texts", "YAMLReading", "Inventory", "HostShell",
                "VRRP",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: kinds.map { .embedInCode("Kinds/\($0)/\($0.lowercased()).sh") }
                + ["duty", "fitness", "network", "probe", "running", "standing", "wire"].map {
                    .embedInCode("Facts/\($0).sh")
                }
                + [.embedInCode("Adoption/adopt.sh")]
                + ["apt", "yum"].map { .embedInCode("Platforms/\($0).sh") },
            swiftSettings: strict),
        .target(
            name: "Provisioning",
            dependencies: [
                "Archives", "Compression", "Digests", "Errors", "Inventory", "Planning", "RPMs", "SSH", "Texts",
                "YAMLReading", "HostShell", "VRRP",
            ],
            resources: [.embedInCode("HostScripts")],
            swiftSettings: strict),
        .target(name: "ProbeHistory", swiftSettings: strict),
        // Runs on hosts too, so it is linked statically and imports nothing beyond the C library and OpenSSL.
        .target(name: "Prober", dependencies: ["CLinux", "CCrypto", "CTLS", "ProbeHistory"], swiftSettings: strict),
        .executableTarget(
            name: "haprov-prober", dependencies: ["Prober", "Texts"], path: "Sources/ProberCommand",
            swiftSettings: strict),
        .target(
            name: "Drills",
            dependencies: [
                "Digests", "Errors", "Inventory", "SSH", "Planning", "Provisioning", "ProbeHistory", "Prober",
                "HostShell",
                "Texts", "VRRP",
            ],
            resources: [.embedInCode("HostScripts")], swiftSettings: strict),
        // Pure: what drills showed, as pages and lines.
        .target(name: "Reports", dependencies: ["ProbeHistory", "Texts"], swiftSettings: strict),
        .target(
            name: "Lab", dependencies: ["Errors", "HostShell", "Inventory", "Processes", "Texts", "VRRP"],
            resources: [.embedInCode("Recipes")], swiftSettings: strict),
        .executableTarget(
            name: "haprov",
            dependencies: [
                "CLinux", "CStart", "Errors", "FilePatterns", "HAProxyReading", "Inventory", "Linting",
                "Processes", "Provisioning",
                "Drills", "Lab", "SSH", "YAMLReading", "Planning", "HostShell", "Reports", "Texts", "VRRP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ArchivesTests", dependencies: ["Archives", "Compression", "Processes"], swiftSettings: strict),
        .testTarget(name: "RPMsTests", dependencies: ["RPMs"], swiftSettings: strict),
        .testTarget(name: "ReportsTests", dependencies: ["ProbeHistory", "Reports"], swiftSettings: strict),
        .testTarget(name: "HAProxyReadingTests", dependencies: ["HAProxyReading"], swiftSettings: strict),
        .testTarget(name: "YAMLReadingTests", dependencies: ["YAMLReading"], swiftSettings: strict),
        .testTarget(
            name: "InventoryTests", dependencies: ["Inventory", "Processes", "Texts", "VRRP", "YAMLReading"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "LintingTests",
            dependencies: ["HAProxyReading", "Inventory", "Linting", "Processes", "Texts", "VRRP", "YAMLReading"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "VRRPTests", dependencies: ["VRRP"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "VRRPDaemonTests",
            dependencies: ["FilePatterns", "VRRPDaemon", "VRRP", "haprov-vrrpd", "old-kernel"],
            swiftSettings: strict),
        // Takes newer system calls away from what it runs.
        .executableTarget(name: "old-kernel", path: "Tests/OldKernel"),
        // They run the daemon itself against others in network namespaces.
        .testTarget(name: "InteropTests", dependencies: ["haprov-vrrpd"], swiftSettings: strict),
        // Exits while threads of connections end.
        .executableTarget(
            name: "ending-threads", dependencies: ["SSH", "CCrypto"], path: "Tests/EndingThreads",
            swiftSettings: strict),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes", "Errors"], swiftSettings: strict),
        .testTarget(name: "HostShellTests", dependencies: ["HostShell"], swiftSettings: strict),
        .testTarget(
            name: "SSHKeysTests", dependencies: ["SSHKeys", "SSHWire", "Processes", "Texts"], swiftSettings: strict),
        .testTarget(
            name: "SSHTests", dependencies: ["SSH", "CSSH2", "SSHWire", "Texts", "HostShell", "ending-threads"],
            exclude: libraryReadsKeys ? ["OwnKeyTests.swift"] : [], swiftSettings: strict),
        // The cluster and the hosts that the tests of plans and of what carries them out begin with.
        .target(
            name: "PlanningSamples", dependencies: ["Planning", "Inventory", "YAMLReading"],
            path: "Tests/PlanningSamples",
            swiftSettings: strict),
        .testTarget(
            name: "PlanningTests",
            dependencies: [
                "Planning", "PlanningSamples", "Digests", "Errors", "HAProxyReading", "Inventory", "Processes", "Texts",
                "HostShell", "VRRP",
                "YAMLReading",
            ],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "ProvisioningTests",
            dependencies: [
                "Provisioning", "Planning", "PlanningSamples", "Digests", "Errors", "Inventory", "Processes", "SSH",
                "HostShell", "VRRP", "YAMLReading",
            ],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "DrillsTests",
            dependencies: [
                "Drills", "HAProxyReading", "Inventory", "SSH", "HostShell", "Planning", "Provisioning", "Prober",
                "VRRP", "haprov-prober",
            ],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "HaprovTests",
            dependencies: [
                "haprov", "Errors", "Inventory", "Linting", "Planning", "PlanningSamples", "Processes", "Provisioning",
                "SSH", "Texts", "old-kernel",
            ],
            swiftSettings: strict),
        // They run the program itself, so it has to be built beside them.
        .testTarget(
            name: "LabTests",
            dependencies: ["CLinux", "Digests", "Lab", "Errors", "Processes", "Texts", "VRRP", "haprov", "old-kernel"],
            exclude: ["Configurations"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

if libraryReadsKeys {
    package.targets.removeAll { ["SSHKeys", "SSHKeysTests"].contains($0.name) }
    for target in package.targets {
        target.dependencies.removeAll { if case .byNameItem("SSHKeys", _) = $0 { true } else { false } }
    }
}
