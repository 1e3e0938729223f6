import Foundation
import Testing

@testable import SSH

@Suite(
    "What the login's environment holds does not reach scripts",
    .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)),
    .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)))
struct EnvironmentTests {
    /// Each makes a program or a shell do something else.
    private static let hostile = [
        "POSIXLY_CORRECT=1", "TAR_OPTIONS=--no-such-option", "GREP_OPTIONS=-v", "BASHOPTS=extglob",
        "BASH_ENV=/dev/full", "ENV=/dev/full", "CDPATH=/usr", "LS_COLORS=x", "LANG=zh_CN.UTF-8", "TZ=Asia/Shanghai",
        "LD_BIND_NOW=1", #""BASH_FUNC_cp%%=() { echo fooled; }""#, #""BASH_FUNC_env%%=() { echo fooled; }""#,
        #""BASH_FUNC_sed%%=() { echo fooled; }""#, #""MOTD=two words\tX=1""#, "http_proxy=http://me:secret@proxy:3128",
    ]

    @Test(
        "names of the environment, and exported functions",
        arguments: ["/bin/sh", "/bin/bash"], [nil, "/bin/bash"])
    func environment(login: String, sh: String?) async throws {
        try await check(Users(shell: login, sh: sh), asRoot: false)
    }

    @Test(
        "names of the environment, and exported functions, under a sudo that hands everything on",
        .enabled(if: UserTests.hasSudo, Comment(rawValue: UserTests.noSudo)), arguments: [nil, "/bin/bash"])
    func sudo(sh: String?) async throws {
        try await check(
            Users(sudoers: "Defaults !env_reset\nworker ALL=(root) NOPASSWD: ALL", sh: sh), asRoot: true)
    }

    private func check(_ users: Users, asRoot: Bool) async throws {
        let server = try users.server(["SetEnv \(Self.hostile.joined(separator: " "))"])
        let connection = try await SSHConnection.open(
            server.endpoint(user: "worker"),
            credentials: SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false),
            deadlines: .patient)
        let script = """
            printf '%s %s %s %s\\n' "$HOME" "$USER" "$LOGNAME" "$http_proxy"
            cp /etc/passwd /dev/null && tar -cf - -T /dev/null | wc -c
            env | sed 's/=.*//' | sort
            """
        let result = try await connection.run(RemoteScript(script, asRoot: asRoot), deadline: .patient)
        let lines = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        let who = asRoot ? "/root root root" : "/ worker worker"
        #expect(lines.prefix(2) == ["\(who) http://me:secret@proxy:3128", "10240"])
        // What shells add by themselves.
        let names = lines.dropFirst(2).filter { !["PWD", "OLDPWD", "SHLVL", "_"].contains($0) }
        #expect(names == ["HOME", "LC_ALL", "LOGNAME", "PATH", "SSH_CONNECTION", "USER", "http_proxy"])
        #expect(String(decoding: result.standardError, as: UTF8.self) == "")
        await connection.close()
    }
}
