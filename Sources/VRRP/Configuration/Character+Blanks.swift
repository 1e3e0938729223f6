/// keepalived goes by octets: what Unicode takes for a blank or a line's end besides these is part of a word there.
extension Character {
    /// LF, or CR and LF.
    var endsLine: Bool { self == "\n" || self == "\r\n" }

    /// What separates words, line ends too.
    var isBlank: Bool {
        switch self {
        case " ", "\t", "\r", "\u{0B}", "\u{0C}": true
        default: endsLine
        }
    }
}
