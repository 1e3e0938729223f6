import VRRP

/// `haprov-vrrpd`: VRRP for one host, configured by keepalived.conf.
public enum VRRPDaemon {
    /// Runs to the end; gives the exit status.
    public static func main(_ arguments: [String]) -> Int32 { 64 }
}
