import HostShell

/// The systemd units that were asked about.
package struct UnitFacts: Fact {
    package var units: [String: UnitFact] = [:]

    package init() {}

    package static let words: Set = ["unit"]

    package mutating func take(_ record: Record) {
        units[record[1]] = UnitFact(
            loadState: record[2], activeState: record[3], fileState: record[4], mainPID: record.number(5),
            path: record[6], needsReload: record.flag(7), initScript: record[8], startsByInitScript: record.flag(9),
            subState: record[10], result: record[11], didConditionsHold: record[12] != "no",
            steppedAside: record.flag(13))
    }
}

extension Facts {
    /// By name, with its suffix.
    package var units: [String: UnitFact] {
        get { self[UnitFacts.self].units }
        set { self[UnitFacts.self].units = newValue }
    }
}

/// A systemd unit.
package struct UnitFact: Sendable, Equatable {
    package var loadState = ""
    package var activeState = ""
    package var fileState = ""
    package var mainPID = 0
    package var path = ""
    package var needsReload = false
    /// The init script that systemd made it from, where it did.
    package var initScript = ""
    /// Whether an init script of its name starts at boot.
    package var startsByInitScript = false
    /// Within its active state, such as `dead`.
    package var subState = ""
    /// How it ended last, such as `exit-code`.
    package var result = ""
    /// Whether its conditions held when it was last started.
    package var didConditionsHold = true
    /// Whether haprov has stopped it for as long as another service restarts, and did not come to start it again.
    package var steppedAside = false

    package init(
        loadState: String = "", activeState: String = "", fileState: String = "", mainPID: Int = 0, path: String = "",
        needsReload: Bool = false, initScript: String = "", startsByInitScript: Bool = false, subState: String = "",
        result: String = "", didConditionsHold: Bool = true, steppedAside: Bool = false
    ) {
        self.loadState = loadState
        self.activeState = activeState
        self.fileState = fileState
        self.mainPID = mainPID
        self.path = path
        self.needsReload = needsReload
        self.initScript = initScript
        self.startsByInitScript = startsByInitScript
        self.subState = subState
        self.result = result
        self.didConditionsHold = didConditionsHold
        self.steppedAside = steppedAside
    }

    package var isActive: Bool { ["active", "reloading", "activating"].contains(activeState) }
    package var isEnabled: Bool { fileState == "enabled" }
    /// By systemd's own links or by those of the init script that it stands for.
    package var startsAtBoot: Bool { isEnabled || (!initScript.isEmpty && startsByInitScript) }
    package var exists: Bool { loadState == "loaded" }
}
