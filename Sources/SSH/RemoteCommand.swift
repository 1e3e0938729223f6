/// The exec request that carries a script: the same for every script but for a length.
///
/// The script itself travels on standard input, ahead of its payload, so no process list ever shows it. `head -c`
/// reads exactly as many bytes as it is told (coreutils; not every other implementation does).
struct RemoteCommand: Sendable {
    /// The first line on standard output: whatever stands before it was written by login scripts, not by ours, and
    /// where it never comes our script never ran.
    static let mark = Array("haprov: begin\n".utf8)

    /// All that a script has of the login's environment: anything else may change what its programs do.
    ///
    /// Package managers may need a proxy; `SSH_CONNECTION` tells which session a process belongs to.
    static let kept =
        ["PATH", "LC_ALL", "HOME", "USER", "LOGNAME", "SSH_CONNECTION"]
        + ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"].flatMap { [$0, $0.uppercased()] }

    /// How the script stands on standard input. In braces, a script that arrives incomplete is a syntax error instead
    /// of half a script; an opening that is missing means that a login script has read from our standard input.
    let script: [UInt8]
    /// The exec request. The login shell reads it, and that may be csh or fish: nothing but words in single quotes.
    let line: String
    /// How the script becomes root; nil where it does not have to.
    let root: RootWay?
    /// On a terminal, what parts the script's standard output from its standard error, which follows.
    let errorMark: [UInt8]?

    /// - Parameter root: how to become root.
    init(_ script: RemoteScript, root: RootWay?) {
        self.root = root
        self.script = Array("{ :;\(script.text.replacing("\0", with: ""))\n}".utf8)
        let number = root?.terminal == true ? String(UInt64.random(in: .min ... .max), radix: 16) : nil
        errorMark = number.map { Array("\nhaprov: errors \($0)\n".utf8) }
        let payload = script.payload.reduce(0) { $0 + $1.count }
        let run = number.map { Self.onTerminal(payload: payload, number: $0) } ?? #"eval "$haprov_script""#
        // sudo may have put a terminal of its own in between, whose modes are not those that sshd was asked for.
        let begin =
            (number == nil ? "" : "stty raw -echo -iexten 2>/dev/null; ")
            + "echo haprov: begin; haprov_script=$(head -c \(self.script.count)); "
            + #"case $haprov_script in "{ :;"*) \#(run);; "#
            + "*) echo haprov: a login script took the input >&2; exit 125;; esac"
        let shell = "sh -c '\(Self.clean(asRoot: root != nil))' sh '\(begin)'"
        line = root?.line(shell) ?? "exec \(shell)"
    }

    /// Runs `$haprov_script` where all three streams are one terminal: input ends after the payload, and standard error is kept
    /// until standard output has ended.
    ///
    /// A connection that is lost hangs nobody up, as without a terminal, and ends a script at its next word, as there: a shell
    /// goes on after a word that a terminal did not take, and dies of one that a pipe did not. What the script leaves of the
    /// payload is taken all the same: a sudo that has put a terminal of its own in between (`use_pty`; seen with 1.9.13) may
    /// else spin for ever over input that nobody reads any more.
    private static func onTerminal(payload: Int, number: String) -> String {
        #"trap "" HUP; exec 3>&1; haprov_errors=$(exec 4>&1; haprov_status=$({ "#
            + #"{ { head -c \#(payload) | { (eval "$haprov_script"); haprov_status=$?; cat >/dev/null; "#
            + #"exit $haprov_status; }; } 2>&4 3>&- 4>&- 5>&-; echo $? >&5; } | "#
            + #"(trap - HUP; exec cat >&3 3>&- 4>&- 5>&-); } 5>&1); echo .; exit $haprov_status); haprov_status=$?; "#
            + #"printf "\nhaprov: errors %s\n%s" \#(number) "${haprov_errors%.}"; exit $haprov_status"#
    }

    /// Runs `$1` by sh in a clean environment.
    ///
    /// `env -i` would need the values of what is kept as arguments, for every process list to see; a proxy's may hold
    /// a password. `exec` finds programs past functions that a login has exported.
    private static func clean(asRoot: Bool) -> String {
        let who = asRoot ? "HOME=~root; USER=root; LOGNAME=root; " : ""
        let keep = kept.map { "/^\($0)=/d;" }.joined()
        return "set -f; PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; \(who)"
            + "export PATH LC_ALL HOME USER LOGNAME; "
            + #"exec env $(exec env | exec sed -n "\#(keep)s/^\([^=[:blank:]][^=[:blank:]]*\)=.*/-u \1/p") "#
            + #"sh -c "$1""#
    }
}
