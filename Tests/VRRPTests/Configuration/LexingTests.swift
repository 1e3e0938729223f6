import Testing
import VRRP

/// Passwords stand for every plain word here: what differs between two hosts is noticed on the wire first.
@Suite struct LexingTests {
    private func password(_ written: String) -> (password: String?, diagnostics: [String]) {
        let result = ReaderTests.read(
            """
            vrrp_instance V {
                interface eth0
                virtual_router_id 1
                authentication {
                    auth_type PASS
                    auth_pass \(written)
                }
                virtual_ipaddress {
                    192.0.2.1
                }
            }
            """)
        return (result.configuration.instances.first?.authentication?.password, result.diagnostics.map(\.message))
    }

    @Test(arguments: [
        ("abc", "abc"), ("\"a b\"", "a b"), (#"a\b"#, #"a\b"#), (#"a\\b"#, #"a\\b"#), (#"ab\\"#, #"ab\\"#),
        (#""a\b""#, #"a\b"#), (#""a\\b""#, #"a\\b"#), ("\"a#!{}\"", "a#!{}"), (##""a\#b""##, ##"a\#b"##), ("$a", "$a"),
        ("a$b # c", "a$b"), ("'a'", "'a'"), ("a=b", "a=b"), ("pässwö", "pässwö"), ("\tabc \t", "abc"), ("abc\r", "abc"),
        ("a;b", "a;b"), ("@a", "@a"), ("abc ! \"", "abc"),
    ]) func aWordIsReadAsKeepalivedReadsIt(_ written: String, _ expected: String) {
        let read = password(written)
        #expect(read.password == expected)
        #expect(read.diagnostics == [])
    }

    @Test(arguments: [
        ("ab{cd", "a password with a brace in it has to stand in quotes"),
        ("ab}cd", "a password with a brace in it has to stand in quotes"),
        ("{abcd}", "a password with a brace in it has to stand in quotes"),
        ("ab cd", "`auth_pass` takes one word; put a password with blanks in quotes"),
        ("ab\"cd\"", "`auth_pass` takes one word; put a password with blanks in quotes"),
        ("\"\"", "`auth_pass` takes one word; put a password with blanks in quotes"),
        ("\"abcd", "the quote is not closed on this line; add \" at its end"),
        ("abcd\\", "no line goes on in the next; remove the \\ and write it as one line"),
        (##"ab\#cd"##, "not every keepalived knows \\#; put the word in quotes instead"),
        (#"ab\!cd"#, "not every keepalived knows \\!; put the word in quotes instead"),
        ("\"abcd\\\"\"\"\"", "keepalived joins the \\ that ends this word to what stands behind it"),
        ("abcd\\ ", "keepalived joins the \\ that ends this word to what stands behind it"),
        ("ab#cd", "the password ends here, where a comment begins; put it in quotes if this sign belongs to it"),
        ("ab!cd", "the password ends here, where a comment begins; put it in quotes if this sign belongs to it"),
        ("abcd12345", "the password is longer than 8 characters: only the first 8 are sent and compared"),
        ("ab\u{FFFD}cd", "only text in UTF-8 may stand here, without control characters"),
        ("ab\u{1B}cd", "only text in UTF-8 may stand here, without control characters"),
        ("\"ab\tcd\"", "only text in UTF-8 may stand here, without control characters"),
        ("ab$_RNcd", "keepalived's own definitions (`$_…`) are not supported: write the text out"),
    ]) func whatMayBeMeantOtherwiseIsToldAndThePasswordIsNot(_ written: String, _ message: String) {
        let told = password(written).diagnostics
        #expect(told.contains(message))
        #expect(!told.contains { $0.contains("ab") && $0.contains("cd") || $0.contains("`cd") })
    }

    @Test func noWordOfAnAuthenticationBlockIsEverQuoted() {
        let result = ReaderTests.read(
            """
            vrrp_instance V {
                authentication {
                    auth_type s3cret
                    auth_passs3cret
                    s3cret auth_pass
                    auth_pass s3cret s3cret
                    auth_pass {
                        s3cret
                    }
                    s3cret {
                    }
                }
            }
            """)
        #expect(result.diagnostics.count > 5)
        #expect(!result.diagnostics.contains { $0.message.contains("s3cret") })
    }

    @Test(arguments: [
        (#"script "/bin/a b c""#, ["/bin/a", "b", "c"]), (#"script '/bin/a "b c"'"#, ["/bin/a", "b c"]),
        (#"script "/bin/a 'b c'""#, ["/bin/a", "b c"]), ("script /bin/a", ["/bin/a"]),
        (#"script "/bin/a \"b c\" #d" # e"#, ["/bin/a", "b c", "#d"]), (#"script "/bin/a ''""#, ["/bin/a", ""]),
        (#"script "/bin/a\\ b""#, ["/bin/a b"]), (#"script "/bin/a \\x41\\101\\t\\n""#, ["/bin/a", "AA\t\n"]),
        (#"script "/bin/a \x41\101""#, ["/bin/a", "AA"]), (#"script /bin/"a b""#, ["/bin/a", "b"]),
        (#"script "/bin/sh -c \"kill -0 $(cat /run/x)\"""#, ["/bin/sh", "-c", "kill -0 $(cat /run/x)"]),
        (#"script "/bin/a {b}""#, ["/bin/a", "{b}"]),
    ]) func aCommandIsReadAsKeepalivedReadsIt(_ line: String, _ expected: [String]) {
        let result = ReaderTests.read("vrrp_script c {\n\(line)\n}")
        #expect(result.configuration.scripts.first?.command == expected)
    }

    @Test func aBlockMayBeWrittenInAnyShape() {
        for (open, close) in [
            (" {\n", "\n}"), ("{", "}"), ("\n{\n", "\n}\n"), ("\n\n# c\n{ ", " } # c\n"), (" # c\n{! c\n", "\n}"),
        ] {
            let result = ReaderTests.read(
                "vrrp_instance V\(open)interface eth0\nvirtual_router_id 1\nvirtual_ipaddress\(open)192.0.2.1\(close)\(close)"
            )
            #expect(result.diagnostics == [], "\(open.debugDescription)")
            #expect(result.configuration.instances.first?.addresses.count == 1)
        }
    }

    @Test func blocksWithoutEndTakeNeitherLongNorTheStack() {
        for text in [
            String(repeating: "a{\n", count: 100_000), String(repeating: "{", count: 100_000),
            String(repeating: "}", count: 100_000), String(repeating: "\"", count: 100_001),
            "vrrp_instance V {\n" + String(repeating: "x", count: 1_000_000) + " {\n",
            String(repeating: "vrrp_script a { }\n", count: 5000),
        ] {
            #expect(!ReaderTests.read(text).isUsable)
        }
    }

    @Test func filesThatIncludeEachOtherWithoutEndAreStopped() {
        var reads = 0
        let result = ConfigurationReader.read(.init(file: "0", text: "include 1")) { pattern, _ in
            reads += 1
            let next = (Int(pattern) ?? 0) + 1
            return [.init(file: pattern, text: "include \(next)")]
        }
        #expect(reads == 15)
        #expect(result.diagnostics.map(\.description) == ["15:1:9: error: files include each other more than 16 deep"])
    }
}
