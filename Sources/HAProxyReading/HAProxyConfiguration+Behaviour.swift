extension HAProxyConfiguration.Behaviour {
    /// Takes in a line of a `defaults` section or of a proxy.
    mutating func take(_ keyword: String, _ words: [HAProxyWord], _ place: HAProxyConfiguration.Place) {
        let values = words.dropFirst().map(\.text)
        let time = values.first.flatMap(HAProxyConfiguration.milliseconds)
        switch keyword {
        case "timeout" where values.count > 1: timeouts[values[0]] = HAProxyConfiguration.milliseconds(values[1])
        // Before 1.5 they were written so.
        case "contimeout": timeouts["connect"] = time
        case "clitimeout": timeouts["client"] = time
        case "srvtimeout": timeouts["server"] = time
        case "option" where values.first == "redispatch": redispatches = true
        case "redispatch": redispatches = true
        case "no" where values.prefix(2) == ["option", "redispatch"]: redispatches = false
        case "http-request" where ["auth", "deny"].contains(values.first): choosesClients = true
        case "tcp-request" where values.contains("reject"): choosesClients = true
        case "block": choosesClients = true
        case "stats": takeStatistics(values, place)
        default: break
        }
    }

    private mutating func takeStatistics(_ values: [String], _ place: HAProxyConfiguration.Place) {
        guard let word = values.first, ["enable", "uri", "auth", "admin", "http-request"].contains(word) else { return }
        var found = statistics ?? HAProxyConfiguration.Statistics(place: place)
        if word == "admin" { found.isAdmin = true }
        statistics = found
        if word == "auth" || word == "http-request" && ["auth", "deny"].contains(values.dropFirst().first) {
            choosesClients = true
        }
    }
}

extension HAProxyConfiguration {
    /// HAProxy's notation of time; milliseconds where no unit is written.
    static func milliseconds(_ text: String) -> Int? {
        let number = text.prefix { ("0"..."9").contains($0) }
        guard let value = Int(number), value < 1_000_000_000 else { return nil }
        return switch text[number.endIndex...] {
        case "us": value / 1000
        case "", "ms": value
        case "s": value * 1000
        case "m": value * 60_000
        case "h": value * 3_600_000
        case "d": value * 86_400_000
        default: nil
        }
    }
}
