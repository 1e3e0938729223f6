/// The exec request that carries a script: the same for every script but for a length.
///
/// The script itself travels on standard input, ahead of its payload, so no process list ever shows it. `head -c`
/// reads exactly as many bytes as it is told (coreutils; not every other implementation does).
struct RemoteCommand: Sendable {
    /// The first line on standard output: whatever stands before it was written by login scripts, not by ours, and
    /// where it never comes our script never ran.
    static let mark = Array("haprov: begin\n".utf8)

    /// How the script stands on standard input. In braces, a script that arrives incomplete is a syntax error instead
    /// of half a script; an opening that is missing means that a login script has read from our standard input.
    let script: [UInt8]
    /// The exec request.
    let line: String

    /// - Parameter sudo: become root by `sudo -n`.
    init(_ script: RemoteScript, sudo: Bool) {
        self.script = Array("{ :;\(script.text.replacing("\0", with: ""))\n}".utf8)
        let begin =
            "LC_ALL=C; export LC_ALL; echo haprov: begin; haprov_script=$(head -c \(self.script.count)); "
            + #"case $haprov_script in "{ :;"*) eval "$haprov_script";; "#
            + "*) echo haprov: a login script took the input >&2; exit 125;; esac"
        line = sudo ? "exec env LC_ALL=C sudo -n sh -c '\(begin)'" : "exec sh -c '\(begin)'"
    }
}
