import SSHWire
import Testing

@Suite("Data types of SSH")
struct WireTests {
    @Test("numbers that go beyond the end")
    func reader() {
        var reader = WireReader([0xff, 0xff, 0xff, 0xff, 1])
        #expect(reader.string() == nil)
        var short = WireReader([0, 0, 1])
        #expect(short.uint32() == nil)
    }

    @Test("mpints of RFC 4251 section 5")
    func mpints() {
        var writer = WireWriter()
        writer.mpint([0])
        writer.mpint([0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7])
        writer.mpint([0x80])
        #expect(
            writer.bytes == [0, 0, 0, 0] + [0, 0, 0, 8, 0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7]
                + [0, 0, 0, 2, 0, 0x80])
    }
}
