import Inventory

/// Whether a drill ends an `apply`.
enum DrillEnding {
    case made
    /// Somebody at the terminal is asked, once the changes are made.
    case offered
    /// It matters, and the inventory says that none is made, or that somebody has to be asked who is not there.
    case omitted
    /// Nothing calls for one.
    case none

    /// - Parameters:
    ///   - verify: what the command line says.
    ///   - isDue: whether it matters, and can be made.
    ///   - isAttended: whether somebody answers questions.
    init(verify: Bool?, isDue: Bool, isAttended: Bool = true, _ settings: DrillSettings) {
        if let verify {
            self = verify ? .made : .none
        } else if isDue, !settings.allowsUsual {
            self = .omitted
        } else if isDue {
            switch settings.afterApply {
            case .always: self = .made
            case .ask: self = isAttended ? .offered : .omitted
            case .never: self = .omitted
            }
        } else {
            self = .none
        }
    }
}
