/// What a `vrrp_script` asks, as far as its command line tells: what the daemon can see by itself needs no process.
public enum CheckCommand: Sendable, Hashable {
    /// `killall -0 NAME`, `pidof NAME`, `pgrep -x NAME`: whether such a process is alive.
    case process(name: String)
    /// `kill -0 $(cat FILE)` in the forms people write it, or `pkill -0 -F FILE`.
    case pidFile(String)
    /// `haprov-vrrpd check http URL`: whether HAProxy answers over HTTP. keepalived runs it as the program that it is.
    case http(address: IPAddress, port: UInt16, host: String, path: String)
    /// `haprov-vrrpd check stats SOCKET`: whether HAProxy answers on its stats socket.
    case statsSocket(String)
    /// Anything else: run it.
    case command([String])

    /// Recognises a command line that was split into words.
    public init(_ words: [String]) { self = .command(words) }
}
