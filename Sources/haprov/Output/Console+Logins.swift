import Inventory

extension Console {
    /// How hosts are logged in to, and who says so.
    func show(_ logins: [LoginSources]) {
        for login in logins {
            say(bold("\(login.host) \(login.address)"))
            for line in Layout.table(login.rows.map { ["  \($0.key)", $0.value, $0.source] }) { say(line) }
            if !login.harmless.isEmpty {
                let lines = login.harmless.map { "\($0.keyword) (\($0.place))" }
                say("  " + Layout.wrap("no matter here: " + lines.joined(separator: ", "), width: width, indent: 2))
            }
            emit([
                "type": "login", "host": .text(login.host), "address": .text(login.address),
                "settings": .list(
                    login.rows.map {
                        ["key": .text($0.key), "value": .text($0.value), "source": .text($0.source)]
                    }),
            ])
        }
    }
}
