import CLinux

/// File systems whose calls wait for another host or process.
enum NetworkFileSystem {
    /// linux/magic.h and the file systems' own sources: NFS, SMB, CIFS, SMB2, FUSE, Ceph, AFS, 9P, GFS2, Lustre.
    private static let types: Set<UInt32> = [
        0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x00C3_6400, 0x5346_414F, 0x0102_1997, 0x0116_1970,
        0x0BD0_0BD0,
    ]

    /// Whether a file is on such a one, or its directory where it is not there.
    static func has(_ path: String) -> Bool {
        let type = linux_file_system(path)
        if type != 0 { return types.contains(type) }
        return types.contains(linux_file_system(path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."))
    }
}
