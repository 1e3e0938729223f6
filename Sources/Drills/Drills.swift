/// Failover drills.
public enum Drills {}
