import Inventory

/// What a drill breaks on a balancer, and what has to be known and said of it: a value of a scenario's. Most are services;
/// one that is none has its own functions in `HostScripts` and is told of by the same words.
struct Victim: Sendable {
    /// What is known of a victim before it is struck.
    struct Doubt: Sendable {
        var summary: String
        var remedy: String
    }

    /// As users call it. Tells victims of one cluster apart.
    let title: @Sendable (Cluster) -> String
    /// What the host's functions are called with: a service's unit, or what else is struck.
    let target: @Sendable (Cluster, Host) -> String
    /// Its systemd service, without the suffix; nil for what is none.
    let service: @Sendable (Cluster) -> String?
    /// Whether no balancer serves clients without it.
    let isNeededToServe: Bool
    /// Why it would not come back; nil where nothing is known to be wrong with it.
    let startFault: @Sendable (BalancerSurvey) -> String?
    /// Why nobody would notice its end.
    let blindness: @Sendable (BalancerSurvey) -> Doubt?
    /// Why a balancer may keep the VIP without it.
    let keepsVIP: @Sendable (Host, Cluster) -> String
    /// What else on its host explains a VIP that does not move.
    let leftovers: @Sendable (Host, BalancerSurvey) -> String?
    /// What its balancer needs, so that the VIP returns to it; nil where the engine's journal has to tell.
    let returning: String?

    /// A service.
    ///
    /// - Parameter service: its systemd service, without the suffix.
    init(
        service: @escaping @Sendable (Cluster) -> String, title: (@Sendable (Cluster) -> String)? = nil,
        isNeededToServe: Bool = false, startFault: @escaping @Sendable (BalancerSurvey) -> String? = { _ in nil },
        blindness: @escaping @Sendable (BalancerSurvey) -> Doubt? = { _ in nil },
        keepsVIP: @escaping @Sendable (Host, Cluster) -> String,
        leftovers: @escaping @Sendable (Host, BalancerSurvey) -> String? = { _, _ in nil }, returning: String? = nil
    ) {
        self.init(
            target: { cluster, _ in "\(service(cluster)).service" }, service: service, title: title ?? service,
            isNeededToServe: isNeededToServe, startFault: startFault, blindness: blindness, keepsVIP: keepsVIP,
            leftovers: leftovers, returning: returning)
    }

    /// Anything at all.
    init(
        target: @escaping @Sendable (Cluster, Host) -> String,
        service: @escaping @Sendable (Cluster) -> String? = { _ in nil },
        title: @escaping @Sendable (Cluster) -> String, isNeededToServe: Bool = false,
        startFault: @escaping @Sendable (BalancerSurvey) -> String? = { _ in nil },
        blindness: @escaping @Sendable (BalancerSurvey) -> Doubt? = { _ in nil },
        keepsVIP: @escaping @Sendable (Host, Cluster) -> String,
        leftovers: @escaping @Sendable (Host, BalancerSurvey) -> String? = { _, _ in nil }, returning: String? = nil
    ) {
        self.title = title
        self.target = target
        self.service = service
        self.isNeededToServe = isNeededToServe
        self.startFault = startFault
        self.blindness = blindness
        self.keepsVIP = keepsVIP
        self.leftovers = leftovers
        self.returning = returning
    }

    /// How its service stands on a balancer; nil where it is none.
    func unit(in survey: BalancerSurvey, of cluster: Cluster) -> BalancerSurvey.Unit? {
        service(cluster).map { survey["\($0).service"] }
    }
}
