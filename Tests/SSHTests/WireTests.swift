import SSHWire
import Testing
import Texts

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

    @Test(
        "Base 64, padded to whole groups",
        arguments: [([], ""), ([0], "AA=="), ([0xff, 0xef], "/+8="), ([1, 2, 3], "AQID")])
    func base64(bytes: [UInt8], text: String) {
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(text.utf8) == bytes)
    }
}
