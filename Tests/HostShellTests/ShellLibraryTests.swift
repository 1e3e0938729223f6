import Testing

@testable import HostShell

@Suite("Of the shell library only what a script needs travels")
struct ShellLibraryTests {
    private static let source = """
        # Ground.
        LC_ALL=C
        umask 077
        place=/var/lib/x
        unused=1

        # one A: says where
        one() {
            # not this line
            two "$place"
            cat <<EOF
        # but this one
        }
        EOF
        }
        two() { printf '%s\\n' "$1"; }
        three() { one; }
        four_do() { three; }
        """
    private let library = ShellLibrary([Array(source.utf8)])

    @Test func readsFunctionsAndVariables() {
        #expect(library.names == ["place", "unused", "one", "two", "three", "four_do"])
    }

    @Test("A name that is given twice is seen, in one source or in two, be it of a function or of a variable")
    func repeatedNames() {
        #expect(library.repeated.isEmpty)
        let more = ["two() { :; }\n", "one=1\nplace=2\nLC_ALL=C\n", "five() { :; }\nfive() {\n    one\n}\n"]
        let sources = [Self.source] + more
        #expect(ShellLibrary(sources.map { Array($0.utf8) }).repeated == ["two", "one", "place", "five"])
    }

    @Test("A function brings what it names, in order, and here-documents whole")
    func needs() {
        #expect(
            library.text(of: ["one"]) == """
                LC_ALL=C
                umask 077
                place=/var/lib/x
                one() {
                    two "$place"
                    cat <<EOF
                # but this one
                }
                EOF
                }
                two() { printf '%s\\n' "$1"; }

                """)
    }

    @Test("What a script names comes along, and what it will call by another name")
    func scripts() {
        #expect(
            library.script(calls: [["two", "it's"]]) == """
                LC_ALL=C
                umask 077
                two() { printf '%s\\n' "$1"; }
                #: calls
                two 'it'\\''s'

                """)
        #expect(library.script("true", calling: ["four_do"]).contains("three() { one; }"))
        #expect(library.script("true", calling: ["four_undo"]) == "LC_ALL=C\numask 077\n#: calls\ntrue\n")
    }
}
