/// One script on its way, by whatever carries it.
protocol ScriptRun: AnyObject {
    /// The question for root's password, and what became of it.
    var question: PasswordQuestion { get set }

    /// Moves everything there is to move, and returns what the script left.
    func finish() throws(SSHError) -> (result: RemoteResult, output: ScriptOutput)
}

extension RemoteScript {
    /// Runs this script, by one way to root after the other where the first does not lead there.
    ///
    /// - Parameters:
    ///   - way: the way to try first, afterwards the one that did; nil for a user who is root.
    ///   - start: begins a run.
    /// - Throws: `.localFile` before a run began, where a file of the payload is missing; whatever a run throws.
    func run(
        way: inout RootWay?, access: RootAccess, user: String,
        start: (RemoteCommand, ScriptInput) throws(SSHError) -> any ScriptRun
    ) throws(SSHError) -> RemoteResult {
        while true {
            let command = RemoteCommand(self, root: asRoot ? way : nil)
            let run = try start(command, try ScriptInput(script: command.script, payload: payload))
            do throws(SSHError) {
                let (result, output) = try run.finish()
                if output.began { return result }
                let wasAsked = output.questions > 0
                let refusal = SSHError.notBegun(
                    result, noise: output.noise, root: command.root, wasAsked: wasAsked, user: user)
                guard !wasAsked, refusal.code == .sudoRefused,
                    let next = command.root?.next(after: refusal.message, access)
                else { throw refusal }
                way = next
            } catch {
                run.question.settle(error.code == .sudoRefused ? .refused : .unknown)
                throw error
            }
        }
    }
}

/// A run's part in the question for root's password: it answers once, and the others wait for what the host says to it.
struct PasswordQuestion {
    let root: RootWay?
    let access: RootAccess
    let endpoint: SSHEndpoint
    private var answers = 0
    private var holdsPassword = false

    init(_ root: RootWay?, _ access: RootAccess, _ endpoint: SSHEndpoint) {
        self.root = root
        self.access = access
        self.endpoint = endpoint
    }

    /// The line to send where a question stands open; nil where none does.
    ///
    /// - Throws: `.sudoRefused` where it is asked a second time: the password was wrong.
    mutating func answer(to output: ScriptOutput, _ watch: Watch) throws(SSHError) -> [UInt8]? {
        if output.began { settle(.accepted) }
        guard let root, output.questions > answers, !output.began else { return nil }
        answers += 1
        guard answers == 1 else { throw .rootPasswordRefused(root.program, user: endpoint.user) }
        let password = try access.answer(endpoint, watch)
        holdsPassword = true
        return Array("\(password)\n".utf8)
    }

    /// Says what became of the password, if this run had it.
    mutating func settle(_ verdict: RootAccess.Verdict) {
        if holdsPassword { access.settle(verdict, endpoint) }
        holdsPassword = false
    }

    /// Whether the script may be sent: who might ask for a password reads the same input, and some throw it away first.
    func letsPass(_ output: ScriptOutput) -> Bool {
        output.began || root.map { !$0.answers && !$0.terminal } ?? true
    }
}

/// Tells somebody how much of a script's payload has been sent, every 512 KB.
struct PayloadProgress {
    let tell: (@Sendable (Int, Int) -> Void)?
    private var reported = 0

    init(_ tell: (@Sendable (Int, Int) -> Void)?) { self.tell = tell }

    /// - Parameter always: at the beginning and at the end.
    mutating func report(_ input: ScriptInput, always: Bool = false) {
        guard let tell, input.payloadSize > 0 else { return }
        let sent = input.payloadSent
        if always ? sent != reported || sent == 0 : sent - reported >= 512 * 1024 {
            reported = sent
            tell(sent, input.payloadSize)
        }
    }
}
