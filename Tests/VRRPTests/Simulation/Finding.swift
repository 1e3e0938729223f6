/// Something that must not happen, and when in virtual time it did.
struct Finding: Error, CustomStringConvertible {
    var time: Int64
    var what: String

    var description: String { "at \(seconds(time)) s: \(what)" }
}

/// Nanoseconds as seconds, for reading.
func seconds(_ nanoseconds: Int64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
}
