import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct LastWillTests {
    private func contents(_ size: Int) -> LastWill.Contents {
        var contents = LastWill.Contents()
        contents.removals = [UInt8](repeating: 1, count: size)
        contents.messages = [
            .init(family: .ipv4, name: SocketAddresses.internet(.v4(1), interface: 2), control: [1, 2], payload: [3]),
            .init(
                family: .ipv6, name: SocketAddresses.internet(.v6(1, 2), interface: 2), control: [], payload: [4, 5]),
        ]
        return contents
    }

    @Test func whatIsWrittenIsTaken() throws {
        let will = try LastWill()
        #expect(will.take() == LastWill.Contents())
        for size in [0, 40, 1000, 7] {
            #expect(will.write(contents(size)))
            #expect(will.write(contents(size + 1)))
            #expect(will.take() == contents(size + 1))
        }
    }

    @Test func itIsDoneOnlyOnce() throws {
        let will = try LastWill()
        #expect(will.write(contents(40)))
        _ = will.take()
        #expect(will.take() == LastWill.Contents())
    }

    @Test func oneThatIsTooLongLeavesTheOldOne() throws {
        let will = try LastWill()
        #expect(will.write(contents(40)))
        #expect(!will.write(contents(LastWill.capacity)))
        #expect(will.take() == contents(40))
    }

    @Test func aPulseIsSeen() throws {
        let will = try LastWill()
        let before = will.pulse
        will.beat()
        #expect(will.pulse == before + 1)
    }

    @Test(arguments: 0..<60) func whatIsCutOffIsReadAsFarAsItGoes(length: Int) {
        let whole = contents(10)
        Array(whole.octets.prefix(length)).withUnsafeBytes { octets in
            let read = LastWill.Contents(octets)
            #expect(read.messages == Array(whole.messages.prefix(read.messages.count)))
        }
    }
}
