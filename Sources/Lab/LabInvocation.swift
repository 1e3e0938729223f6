import Errors
import Foundation

/// A command that takes this process's place, so that its terminal, signals and exit code are the command's own.
package struct LabInvocation: Sendable, Equatable {
    /// The program and its arguments.
    package var arguments: [String]
    /// Set on top of the environment.
    package var environment: [String: String]

    /// Becomes the command.
    ///
    /// - Throws: a change failure where it cannot be run; otherwise this does not return.
    package func replaceProcess() throws(Failure) -> Never {
        for (name, value) in environment { setenv(name, value, 1) }
        // The threads of a thread pool have signals blocked, and the command would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        // What is ignored stays ignored over exec(3).
        signal(SIGPIPE, SIG_DFL)
        let pointers = arguments.map { strdup($0) } + [nil]
        execvp(arguments[0], pointers)
        throw Failure(
            .change, step: "run \(arguments[0])", summary: String(cString: strerror(errno)),
            remedy: "Run: apt-get install -y util-linux")
    }
}
