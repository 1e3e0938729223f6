import ArgumentParser
import CStart
import Foundation
import Planning

@main
struct Haprov: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "haprov",
        abstract: "Make HAProxy highly available on plain Linux hosts, and prove it.",
        discussion: """
            From one inventory file, over SSH: compiles HAProxy and keepalived from offline tarballs, registers and \
            configures them on every balancer, then kills HAProxy on the master and watches the virtual IP move.

            A first time:
              haprov init                 write a commented inventory.yml
              haprov check                is it sound? are the tarballs there? what will fail when it matters?
              haprov preflight            can the hosts be reached? are they fit?
              haprov plan                 what would happen, host by host, with diffs
              haprov apply                do it, then prove the failover
              haprov status               who holds the virtual IP, what runs where
              haprov rollback             take it back

            Exit codes:
              0    done
              1    failed
              2    plan found changes
              3    a verification failed
              4    a host could not be reached or would not let us in
              64   usage
              130  interrupted, or not agreed to

            `haprov --generate-completion-script bash` (or zsh, fish) prints what your shell needs to complete words.
            """,
        version: Version.text,
        subcommands: [
            Init.self, Adopt.self, Check.self, Explain.self, PreflightCommand.self, PlanCommand.self, Apply.self,
            Verify.self,
            Rollback.self, Report.self, Unlock.self, Move.self, Maintenance.self, Remove.self, ServerCommand.self,
            Status.self,
            Logs.self, History.self,
            Assets.self, PlaybooksCommand.self, LabCommand.self, Schema.self, Man.self,
        ])

    static func main() async {
        StandardStreams.prepare()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            if exitCode(for: error) == .validationFailure,
                let hint = UnknownSubcommand(Array(CommandLine.arguments.dropFirst()), of: Haprov.self)
            {
                FileHandle.standardError.write(Data("\(hint)\n".utf8))
                Foundation.exit(ExitCode.validationFailure.rawValue)
            }
            exit(withError: error)
        }
    }
}

enum Version {
    static let text = "0.1.0"
}
