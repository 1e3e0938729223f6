import Foundation
import Inventory
import SSH
import Synchronization

/// Keys and passwords for hosts. Asked for once each, however many hosts share them.
final class Credentials: Sendable {
    private struct Answers {
        /// By the paths of key files.
        var passphrases: [String: String] = [:]
        /// By what they are and their keys in the inventory; that one cannot be had is an answer too.
        var secrets: [String: Result<String, SSHCredentials.Missing>] = [:]
    }

    private let known = Mutex<[String: SSHCredentials]>([:])
    /// Held while somebody is asked, by us or by a vault's client: a terminal can ask one question at a time.
    private let answers = Mutex(Answers())
    private let console: Console

    init(_ console: Console) { self.console = console }

    /// Whether somebody is there to ask, who can tell what for.
    private var canAsk: Bool { !console.isOneOfSeveral && isatty(STDIN_FILENO) == 1 }

    private var nobodyToAsk: String {
        console.isOneOfSeveral
            ? "nobody is asked while several clusters are worked on at a time" : "there is no terminal to ask on"
    }

    /// Asks, or looks what was answered, with the terminal to itself.
    private func asking<T: Sendable>(_ work: (inout Answers) -> T) -> T {
        console.pausing { answers.withLock { work(&$0) } }
    }

    func of(_ settings: SSHSettings) -> SSHCredentials {
        let key =
            "\(settings.identities) \(settings.triesUsualFiles) \(String(describing: settings.identitiesOnly)) "
            + "\(settings.certificates)"
            + "\n\(settings.passphraseVariable ?? "")"
            + "\n\(settings.user)\n\(String(describing: settings.password))\n\(String(describing: settings.become))"
        return known.withLock { known in
            if let credentials = known[key] { return credentials }
            var credentials = SSHCredentials(
                identities: settings.identities,
                passphrase: { [self] path in passphrase(path, settings) },
                password: { [self] in settings.password.map { value(of: $0, at: "ssh.password") } })
            credentials.triesUsualFiles = settings.triesUsualFiles
            credentials.identitiesOnly = settings.identitiesOnly
            credentials.certificates = settings.certificates
            credentials.withoutPassphrase =
                if let name = settings.passphraseVariable {
                    .init(reason: "the variable \(name) is not set (ssh.passphrase_env)", remedy: "set \(name)")
                } else {
                    .init(
                        reason: nobodyToAsk,
                        remedy: "name a variable that holds it (ssh.passphrase_env)")
                }
            credentials.root = root(settings)
            if canAsk {
                credentials.person = { [self] host, user, challenge in
                    // One host at a time: a code belongs to the question above it.
                    asking { _ in Self.ask(challenge, of: "\(user) on \(host)") }
                }
            }
            known[key] = credentials
            return credentials
        }
    }

    /// How the user becomes root; a password that the inventory does not know of is asked for where a host wants one.
    private func root(_ settings: SSHSettings) -> RootAccess {
        let program: RootAccess.Program =
            switch settings.become?.program {
            case .su: .su
            case .sudo, nil: .sudo
            }
        if let secret = settings.become?.password {
            return RootAccess(by: program, isGiven: true) { [self] in value(of: secret, at: "ssh.become.password") }
        }
        guard canAsk else { return RootAccess(by: program) }
        let owner = program == .su ? "root" : settings.user
        return RootAccess(by: program) { [self] in
            let typed = asking { _ in
                Self.ask("Password of \(owner) on the hosts, for \(program.rawValue): ")
            }
            return typed.map(Result.success)
                ?? .failure(.init(reason: "none was typed", remedy: "name its source (ssh: become)"))
        }
    }

    /// - Parameter key: where it stands in the inventory.
    private func value(of secret: Secret, at key: String) -> Result<String, SSHCredentials.Missing> {
        asking { answers in
            let name = "\(key)\n\(secret)"
            if let known = answers.secrets[name] { return known }
            let value = Result { () throws(SecretError) in try secret.read(from: key) }
                .mapError { SSHCredentials.Missing(reason: $0.message, remedy: $0.remedyInSentence) }
            answers.secrets[name] = value
            return value
        }
    }

    private func passphrase(_ path: String, _ settings: SSHSettings) -> String? {
        if let name = settings.passphraseVariable { return ProcessInfo.processInfo.environment[name] }
        return asking { answers in
            if let answer = answers.passphrases[path] { return answer }
            guard !console.isOneOfSeveral, isatty(STDIN_FILENO) == 1 || access("/dev/tty", R_OK | W_OK) == 0,
                let typed = Self.ask("Passphrase of \(path): ")
            else { return nil }
            answers.passphrases[path] = typed
            return typed
        }
    }

    /// Shows what a server says, and asks what it asks.
    private static func ask(_ challenge: Challenge, of who: String) -> [String]? {
        let lines = [challenge.name, challenge.instruction].map(printable).filter { !$0.isEmpty }
        var heading = "Asked of \(who): " + lines.map { $0 + "\n" }.joined()
        guard !challenge.questions.isEmpty else { return say(heading + "\n") ? [] : nil }
        var answers: [String] = []
        for question in challenge.questions {
            guard let answer = ask(heading + printable(question.text), isShown: question.isShown) else { return nil }
            answers.append(answer)
            heading = "Asked of \(who): "
        }
        return answers
    }

    /// Without what could move about on the terminal: a server's words are a stranger's.
    private static func printable(_ text: String) -> String {
        text.filter { character in
            character.isNewline || !character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
    }

    private static func say(_ text: String) -> Bool {
        let terminal = open("/dev/tty", O_WRONLY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return text.withCString { write(terminal, $0, strlen($0)) } > 0
    }

    /// Asks on the terminal, as a rule without showing what is typed; nil where nobody answers, or on Ctrl-C.
    private static func ask(_ prompt: String, isShown: Bool = false) -> String? {
        // Others wait for the terminal, and would ask next.
        guard !Task.isCancelled else { return nil }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var old = termios()
        guard tcgetattr(terminal, &old) == 0 else { return nil }
        var silent = old
        if !isShown { silent.c_lflag &= ~tcflag_t(ECHO) }
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer {
            tcsetattr(terminal, TCSAFLUSH, &old)
            if !isShown { _ = write(terminal, "\n", 1) }
        }
        _ = prompt.withCString { write(terminal, $0, strlen($0)) }
        return TypedLine.read(from: terminal)
    }
}
