import Testing

@testable import Provisioning

@Suite("A folder of RPMs")
struct RPMFolderTests {
    @Test(
        "An RPM's file name leaves the epoch out",
        arguments: [
            ("gcc-4.8.5-39.el7.x86_64", "gcc-4.8.5-39.el7.x86_64.rpm"),
            ("openssl-devel-1:1.0.2k-19.el7.x86_64", "openssl-devel-1.0.2k-19.el7.x86_64.rpm"),
            ("perl-4:5.16.3-294.el7_6.x86_64", "perl-5.16.3-294.el7_6.x86_64.rpm"),
            ("a-12:1-1.noarch", "a-1-1.noarch.rpm"),
            ("java-1.8.0-openjdk-1:1.8.0.242-1.el7.x86_64", "java-1.8.0-openjdk-1.8.0.242-1.el7.x86_64.rpm"),
        ])
    func fileName(package: String, file: String) { #expect(RPMFolder.fileName(package) == file) }
}
