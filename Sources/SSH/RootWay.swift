import HostShell

/// The way from the user that logs in to root, as far as a host has shown which one it lets us take.
struct RootWay: Equatable {
    let program: RootAccess.Program
    /// Whether a question for the password is answered; else sudo is told not to ask.
    var answers: Bool
    /// Whether it takes a terminal: sudo's `requiretty`, and some builds of su.
    var terminal = false

    /// The first one to try.
    init(_ access: RootAccess) {
        program = access.program
        answers = access.isGiven || access.program == .su
    }

    /// What sudo asks with, told apart from whatever else comes by its percent sign: a shell that echoes its commands shows two.
    static let prompt = Array("haprov%password:".utf8)

    /// The words in front of the shell that becomes root's.
    ///
    /// - Parameter shell: a command line of words in single quotes.
    func line(_ shell: String) -> String {
        switch program {
        case .sudo: "exec env LC_ALL=C sudo \(answers ? "-S -p 'haprov%%password:'" : "-n") \(shell)"
        case .su: "exec env LC_ALL=C su -s /bin/sh -c \(Shell.quote("exec " + shell)) root"
        }
    }

    /// The next way to try after one that ended before the script began and without a question; nil where none is left.
    ///
    /// - Parameter said: the program's words, in English by `LC_ALL=C`.
    func next(after said: String, _ access: RootAccess) -> RootWay? {
        var next = self
        if !terminal, said.contains("tty") || said.contains("terminal") {
            next.terminal = true
        } else if !answers, access.canAnswer {
            next.answers = true
        } else {
            return nil
        }
        return next
    }

    /// Whether the last of what came is a question for the password.
    ///
    /// - Parameter heard: what came since the last question.
    func isQuestion(_ heard: [UInt8]) -> Bool {
        switch program {
        case .sudo: return heard.firstRange(of: Self.prompt) != nil
        case .su:
            // PAM's own words, on a line that waits for its end. `su: ` begins an error of su's.
            let end = heard.lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            let line = heard[(end.map { $0 + 1 } ?? 0)...]
            let words = String(decoding: line, as: UTF8.self).reversed().drop { $0 == " " }
            return words.first == ":" && !String(words.reversed()).hasSuffix("su:")
        }
    }
}
