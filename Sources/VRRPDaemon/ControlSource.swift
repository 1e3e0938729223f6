import VRRP

/// What the control socket shows and sets.
protocol ControlSource: AnyObject {
    /// Of every router, in the order of the configuration.
    var statuses: [RouterStatus] { get }

    /// Whose level can be changed.
    var log: Log { get }

    /// Gives up the addresses of a router, or of all, and stays backup that long.
    func resign(router: String?, stayAway: Duration)
}
