/// HAProxy's `balance` algorithms (configuration manual 1.8, section 4.2).
enum BalanceAlgorithm {
    static let words = ["roundrobin", "static-rr", "leastconn", "first", "source", "uri", "random"]

    /// Whether it is one that HAProxy knows, with its argument where it takes one.
    static func isKnown(_ text: String) -> Bool {
        words.contains(text)
            || text.wholeMatch(of: /hdr\([A-Za-z0-9-]+\)|url_param [A-Za-z0-9_.-]+|rdp-cookie(\([A-Za-z0-9_-]+\))?/)
                != nil
            || text.wholeMatch(of: /random\([1-9][0-9]{0,2}\)/) != nil
    }

    /// Whether it looks into HTTP requests; HAProxy falls back to round robin where there are none.
    static func needsHTTP(_ text: String) -> Bool {
        text == "uri" || text.hasPrefix("hdr(") || text.hasPrefix("url_param ")
    }
}
