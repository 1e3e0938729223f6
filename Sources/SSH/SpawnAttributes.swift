import Glibc

extension posix_spawnattr_t {
    /// In a session of its own, without a terminal, and with none of this process's signals blocked or ignored.
    mutating func startSession() {
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&self, &none)
        posix_spawnattr_setsigdefault(&self, &all)
        // POSIX_SPAWN_SETSID, which Glibc's module does not show, is 0x80.
        posix_spawnattr_setflags(&self, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | 0x80)
    }
}
