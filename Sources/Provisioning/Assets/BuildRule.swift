import Inventory

/// What the host that compiles has, by major versions; nil where that is not known.
package struct BuildTools: Sendable, Equatable {
    package var gcc: Int?
    /// Of its headers.
    package var openSSL: Int?
    /// Of its headers: 1 for pcre.h, 2 for pcre2.h alone.
    package var pcre: Int?

    package init(gcc: Int? = nil, openSSL: Int? = nil, pcre: Int? = nil) {
        self.gcc = gcc
        self.openSSL = openSSL
        self.pcre = pcre
    }
}

/// Something that the manifest says about compiling certain versions with certain compilers.
package struct BuildRule: Sendable, Equatable {
    /// From this version on.
    package var from: Version?
    /// Up to, but without, this version.
    package var below: Version?
    /// The option of make that has to be on, such as `USE_LUA`.
    package var option: String?
    /// From this major version of gcc on.
    package var gccFrom: Int?
    /// Up to, but without, this major version of gcc.
    package var gccBelow: Int?
    /// From this major version of OpenSSL on, as the host that compiles has it.
    package var openSSLFrom: Int?
    /// Up to, but without, this major version of OpenSSL.
    package var openSSLBelow: Int?
    /// From this major version of PCRE on, the older where the host that compiles has both.
    package var pcreFrom: Int?
    /// Up to, but without, this major version of PCRE.
    package var pcreBelow: Int?
    /// Why it cannot be compiled at all; empty where an earlier rule's word does not hold.
    package var unfit: String?
    /// Whether it is an operator's: its checks take the place of others of the same program and arguments.
    var isAddition = false
    /// Variables for configure and make.
    package var environment: [String: String] = [:]
    /// Arguments of `./configure`; nil where the rule does not ask for it.
    package var configure: [String]?
    /// Arguments of `make`; nil where the rule does not speak of it.
    package var make: [String]?
    /// Arguments of `make install`.
    package var install: [String] = []
    /// What the host that compiles needs.
    package var buildPackages: [String] = []
    /// What every host needs that runs it.
    package var runPackages: [String] = []
    /// Of which packages only that version or a later one will do.
    package var leastVersions: [String: Version] = [:]
    /// Messages that tell of a missing package.
    package var errors: [KnownError] = []
    /// What the result must show.
    package var checks: [BuildCheck] = []

    /// Whether it is for this version and these tools; rules for certain ones do not fit an unknown one.
    ///
    /// - Parameter options: `NAME=VALUE` for make, as the inventory has them.
    package func fits(_ version: Version, tools: BuildTools, options: [String] = []) -> Bool {
        if let option, !MakeOption.isOn(option, in: options) { return false }
        if let from, version < from { return false }
        if let below, version >= below { return false }
        return Self.fits(tools.gcc, from: gccFrom, below: gccBelow)
            && Self.fits(tools.openSSL, from: openSSLFrom, below: openSSLBelow)
            && Self.fits(tools.pcre, from: pcreFrom, below: pcreBelow)
    }

    private static func fits(_ found: Int?, from: Int?, below: Int?) -> Bool {
        guard from != nil || below != nil else { return true }
        guard let found else { return false }
        return found >= from ?? found && below.map { found < $0 } ?? true
    }
}

/// A message of configure or make that tells which package is missing.
package struct KnownError: Sendable, Equatable {
    /// Part of the message; runs of blanks count as one.
    package var message: String
    /// The packages that mend it.
    package var packages: [String]
}

/// A program whose output shows that a build is what it should be.
package struct BuildCheck: Sendable, Equatable {
    /// Below the prefix, such as `sbin/haproxy`.
    package var program: String
    /// What the program is given.
    package var arguments: [String]
    /// Every one of these has to be part of its output.
    package var shows: [String]
    /// Whether it is of an operator's rule.
    var isAddition = false

    /// What should be in an output, and is not.
    package func missing(in output: String) -> [String] { shows.filter { !output.contains($0) } }
}
