/// What happens while a command is at work, for whoever shows it.
package enum RunEvent: Sendable {
    /// A new part of the work begins.
    case stage(String)
    case connected(host: String)
    case started(host: String, summary: String)
    /// A part of a long step begins, such as `make` of a compilation.
    case working(host: String, summary: String, part: String)
    case finished(host: String, summary: String)
    case failed(host: String, summary: String)
    /// Something that the user should read.
    case note(host: String?, text: String)
    /// A line of a build's or command's own output.
    case output(host: String, line: String)
    /// Bytes sent to a host, of all that it gets.
    case uploading(host: String, sent: Int, total: Int)
}

/// Receives events; called from several threads.
package typealias EventSink = @Sendable (RunEvent) -> Void
