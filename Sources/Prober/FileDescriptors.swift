import Glibc

/// The limit on open files.
enum FileDescriptors {
    /// Raises the soft limit to the hard one where `count` more descriptors do not fit; gives the limit that holds.
    static func makeRoom(for count: Int) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < rlim_t(count + reserve) {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return limit.rlim_cur > rlim_t(Int32.max) ? Int(Int32.max) : Int(limit.rlim_cur)
    }

    /// Descriptors left to the rest of the process.
    static let reserve = 128
}
