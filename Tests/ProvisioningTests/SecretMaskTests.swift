import Testing

@testable import Planning
@testable import Provisioning

@Suite("Secrets in text that is shown")
struct SecretMaskTests {
    @Test(
        "Whatever stands where a password would",
        arguments: [
            ("    auth_pass hidden", "    auth_pass ********"),
            ("auth_pass\t\"hidden and hidden\" # c", "auth_pass\t********"),
            (#""auth_pass" 'hidden'"#, #""auth_pass" ********"#),
            ("authentication { auth_pass hidden }", "authentication { auth_pass ********"),
            ("auth_pass \\\n    hidden\nnext", "auth_pass \\\n    ********\nnext"),
            ("auth_pass hid\\\r\nhidden\r\nnext", "auth_pass ********\r\nnext"),
            ("Auth_Pass hidden\rnext", "Auth_Pass ********\rnext"),
            ("$STATS_PASS=hidden", "$STATS_PASS=********"),
            ("user u insecure-password hidden groups g", "user u insecure-password ********"),
            ("user u password $5$hidden", "user u password ********"),
            (#"user "u" "password" "hidden""#, #"user "u" "password" ********"#),
            ("stats auth admin:hidden", "stats auth ********"),
            (#"stats  "auth" admin:hidden"#, #"stats  "auth" ********"#),
            ("# password: hidden", "# password: ********"),
            ("presetenv REDIS_PASS hidden", "presetenv REDIS_PASS ********"),
            ("setenv API_TOKEN \"hidden\"", "setenv API_TOKEN ********"),
            ("Environment=DB_PASSWORD=hidden", "Environment=DB_PASSWORD=********"),
            (#"tcp-check send AUTH\ hidden\r\n"#, #"tcp-check send AUTH\ ********"#),
            (
                #"option httpchk GET / HTTP/1.0\r\nAuthorization:\ Basic\ hidden"#,
                #"option httpchk GET / HTTP/1.0\r\nAuthorization:\ ********"#
            ),
            (
                "http-request set-header Authorization \"Basic hidden\"",
                "http-request set-header Authorization ********"
            ),
            ("set $u https://me:hidden@host/", "set $u https://me:********@host/"),
            ("the key of today is t0day", "the key of today is ********"),
        ])
    func masked(text: String, expected: String) { #expect(SecretMask(["t0day"]).masked(text) == expected) }

    @Test(
        "What is no secret stays as it is",
        arguments: [
            "auth_type PASS", "stats admin if TRUE", "stats uri /stats", "acl known http_auth(users)",
            "http-request auth realm stats unless { http_auth(users) }", "http-request del-header Authorization",
            "acl has req.hdr(Authorization) -m found", "proxy_pass http://app", "bind *:443 ssl crt /etc/ssl/site.pem",
            "server app1 172.16.122.104:10900 check", "stick-table type ip size 1m", "",
        ])
    func kept(text: String) { #expect(SecretMask([]).masked(text) == text) }

    @Test(
        "Private keys by their armour",
        arguments: [
            ("-----BEGIN PRIVATE KEY-----", true), ("-----BEGIN RSA PRIVATE KEY-----", true),
            ("x\r\n-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nx", true), ("-----BEGIN OPENSSH PRIVATE KEY-----", true),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", true), ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", true),
            ("PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1", true), ("-----BEGIN CERTIFICATE-----", false),
            ("-----BEGIN PUBLIC KEY-----", false), ("-----BEGIN DH PARAMETERS-----", false),
            ("# the PRIVATE KEY is elsewhere", false),
        ])
    func privateKeys(text: String, expected: Bool) {
        #expect(SecretMask.holdsPrivateKey(Array(text.utf8)) == expected)
    }

    @Test("A program that refuses a file quotes nothing of it", arguments: ScratchHost.shells)
    func refusals(shell: String) async throws {
        let host = try ScratchHost(shell)
        let checker = try host.write(
            "#!/bin/sh\necho \"line 1: '$(head -n 1 \"$1\")'?\"\necho 'user u password hidden-3'\nexit 1\n",
            "check", mode: 0o755)
        var change = Changes.write(host.root + "/etc/key", "  hidden-1\nhidden-2\n}\n", check: "\(checker) {}")
        change.isSecret = true
        let cause = try #require(try await host.perform([change]).failure?.cause)
        #expect(!cause.contains("hidden"), "\(cause)")
        #expect(cause.hasPrefix("line 1: '  ********'?\nuser u password ********\n"), "\(cause)")
    }
}
