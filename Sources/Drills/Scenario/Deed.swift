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

    /// The function of `drill.sh` that does it, and the one that undoes it.
    var function: String
    var wayBack: String
    /// What the latter says in its record `state` where it has come to a good end.
    var restored = "active"

    static let kill = Deed(
        noun: "kill", participle: "killed", gerund: "killing", parts: "every process of ", means: "SIGKILL",
        function: "drill_kill", wayBack: "drill_start")
}
