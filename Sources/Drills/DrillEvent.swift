/// What happens during a drill, as it happens.
package enum DrillEvent: Sendable, Equatable {
    /// The balancers are looked at.
    case checking
    /// The prober will run there and ask this, as people read it, at this interval in microseconds.
    case proberPlaced(ProberLocation, target: String, interval: Int)
    /// A drill begins on the holder of these VIPs; `expected` should take over, nil where they should stay.
    case began(Scenario, from: String, holding: String, expected: String?)
    /// The host gives what will be broken back by itself after so many seconds, whatever becomes of haprov.
    case armed(host: String, subject: String, seconds: Int)
    /// The deed is done; it is told by a word and a sentence.
    case broken(host: String, word: String, text: String)
    /// A host gained or lost a VIP, named as sentences do; milliseconds from the deed, nil before it.
    case vip(String, host: String, change: DrillReport.HolderChange.Change, ms: Int?)
    /// Clients have steady good answers again.
    case served
    /// What was broken is being given back.
    case givingBack(host: String, subject: String)
    /// It is back, or runs again, and the host's timer is disarmed.
    case restored(host: String, subject: String, runs: Bool)
    /// Something worth knowing that is no fault.
    case note(String)
    /// A drill has ended.
    case finished(DrillReport)
}
