/// What is done with a host's power.
package enum HostPower: String, CaseIterable, Sendable {
    case on
    /// Every process ends at once; what was written is there when it boots again.
    case off
    /// The same, and what was written and not flushed is lost.
    case fail
}
