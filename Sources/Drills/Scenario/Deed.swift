/// What is done to a victim, in the forms that sentences need.
struct Deed: Sendable, Equatable {
    /// "the kill"
    var noun: String
    /// "is killed"; an event's word too.
    var participle: String
    /// "killing"
    var gerund: String
    /// What is said of a victim's parts, with a blank behind it.
    var parts = ""
    /// By what means, for a victim that survives.
    var means: String

    /// The function of the host scripts that does it, and the one that undoes it.
    var function: String
    var wayBack: String
    /// What the latter says in its record `state` where it has come to a good end.
    var restored = "active"
    /// Where it takes the connection to its host along: for how long at the most, the host's own way back included.
    var cut: Cut?

    /// A deed after which its host cannot be reached for a while.
    struct Cut: Sendable, Equatable {
        /// Milliseconds from the host's word that it will be done until it is.
        var delay = 300
        /// Seconds that its own way back takes beyond what a drill waits for.
        var seconds = 0
        /// Seconds after its own way back within which the host is as before.
        var grace = 60
    }

    static let kill = Deed(
        noun: "kill", participle: "killed", gerund: "killing", parts: "every process of ", means: "SIGKILL",
        function: "drill_kill", wayBack: "drill_start")
}
