import Foundation
import Testing

/// A language that this machine can bring to a lab's host: its locale, made here, and the words of its package managers and sudo.
struct HostLanguage: Sendable, CustomTestStringConvertible {
    /// As localedef(1) knows it.
    var locale: String
    /// As gettext looks for its words.
    var words: String

    var testDescription: String { locale }

    static let german = HostLanguage(locale: "de_DE", words: "de")
    static let chinese = HostLanguage(locale: "zh_CN", words: "zh_CN")

    private static let domains = ["apt", "libapt-pkg6.0", "dnf", "libdnf", "rpm", "sudo", "sudoers"]

    /// Everything on a host speaks it from now on: logins, sudo, services that are started.
    func settle(on host: String, of lab: EndToEndLab) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("locale-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let made = try Program.run(
            [
                "sh", "-ec",
                """
                mkdir -p \(folder)/usr/lib/locale \(folder)/usr/share/locale/\(words)/LC_MESSAGES
                localedef --no-archive -i \(locale) -f UTF-8 \(folder)/usr/lib/locale/\(locale).UTF-8 2>/dev/null || [ $? -eq 1 ]
                for d in \(Self.domains.joined(separator: " ")); do
                    ! [ -e /usr/share/locale/\(words)/LC_MESSAGES/$d.mo ] ||
                        cp /usr/share/locale/\(words)/LC_MESSAGES/$d.mo \(folder)/usr/share/locale/\(words)/LC_MESSAGES/
                done
                tar -C \(folder) -czf - usr | base64
                """,
            ], within: 300)
        guard made.status == 0 else { throw Trouble("the locale \(locale): \(made)") }
        let name = "\(locale).UTF-8"
        try lab.ask(
            host,
            """
            set -e
            base64 -d <<'END' | tar -C / -xzf - --no-same-owner
            \(made.output)
            END
            printf 'LANG=\(name)\\nLC_ALL=\(name)\\nLANGUAGE=\(words)\\n' >/etc/environment
            cp /etc/environment /etc/locale.conf
            printf '. /etc/environment\\nexport LANG LC_ALL LANGUAGE\\n' >/etc/profile.d/language.sh
            cp /etc/profile.d/language.sh /root/.bashrc
            printf 'Defaults env_keep += "LANG LC_ALL LANGUAGE", sudoers_locale=\(name)\\n' >/etc/sudoers.d/language
            systemctl set-environment LANG=\(name) LC_ALL=\(name) LANGUAGE=\(words)
            """)
    }

    /// What a host's shell says where nobody sets another language.
    func said(_ script: String, on host: String, of lab: EndToEndLab) throws -> String {
        let settings = "export LANG=\(locale).UTF-8 LC_ALL=\(locale).UTF-8 LANGUAGE=\(words)\n"
        let outcome = try lab.on(host, settings + "{ " + script + "; } 2>&1")
        return outcome.output
    }
}
