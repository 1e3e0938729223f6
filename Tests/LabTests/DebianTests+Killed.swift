import Testing

extension DebianTests {
    /// As soon as dpkg has begun to note down what it does, it is ended, and apt with it.
    @Test(.long) func aDpkgThatIsKilledAtWork() throws {
        let lab = EndToEndLab.debian
        try lab.killsPackageManager(
            inventory: try lab.vrrpdInventory(),
            killing: """
                timeout 900 sh -c 'while set -- /var/lib/dpkg/updates/[0-9]*; [ ! -e "$1" ]; do :; done' || exit 1
                pkill -9 -x dpkg
                pkill -9 -x apt-get
                [ -z "$(dpkg --audit)" ] || echo killed
                """)
        #expect(try lab.on("haproxy3", "dpkg --audit").output == "")
    }
}
