/// What happens during a drill, as it happens.
public enum DrillEvent: Sendable, Equatable {
    /// The balancers are looked at.
    case checking
    /// The prober will run there and ask this address and port.
    case proberPlaced(ProberLocation, target: String)
    /// A drill begins; `expected` should take over, nil where the VIP should stay.
    case began(DrillReport.Name, from: String, expected: String?)
    /// The host gives HAProxy back by itself after so many seconds, whatever becomes of haprov.
    case armed(host: String, seconds: Int)
    /// HAProxy was killed.
    case killed(host: String)
    /// A host gained or lost the VIP; milliseconds from the kill, nil before it.
    case vip(host: String, change: DrillReport.HolderChange.Change, ms: Int?)
    /// Clients have steady good answers again.
    case served
    /// HAProxy is being given back.
    case givingBack(host: String)
    /// HAProxy runs again and the host's timer is disarmed.
    case restored(host: String)
    /// Something worth knowing that is no fault.
    case note(String)
    /// A drill has ended.
    case finished(DrillReport)
}
