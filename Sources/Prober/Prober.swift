/// An open-loop HTTP client: one request at every tick, whatever became of the earlier ones.
public enum Prober {}
