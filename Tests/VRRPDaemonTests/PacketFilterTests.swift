import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct PacketFilterTests {
    /// What the kernel would do with a packet: a machine for the instructions that the filter uses.
    private func passes(_ packet: [UInt8], _ filter: [FilterInstruction]) -> Bool {
        var a: UInt32 = 0, x: UInt32 = 0, memory = [UInt32](repeating: 0, count: 16), place = 0
        while true {
            let instruction = filter[place]
            let k = instruction.operand
            place += 1
            func octet(_ offset: UInt32) -> UInt32? { Int(offset) < packet.count ? UInt32(packet[Int(offset)]) : nil }
            func jump(_ isTrue: Bool) { place += Int(isTrue ? instruction.jumpIfTrue : instruction.jumpIfFalse) }
            switch instruction.code {
            case 0xB1:  // ldxb 4*([k]&0xf)
                guard let value = octet(k) else { return false }
                x = (value & 0x0F) * 4
            case 0x01: x = k  // ldx #k
            case 0x50:  // ldb [x + k]
                guard let value = octet(x + k) else { return false }
                a = value
            case 0x15: jump(a == k)  // jeq
            case 0x45: jump(a & k != 0)  // jset
            case 0x02: memory[Int(k)] = a  // st
            case 0x60: a = memory[Int(k)]  // ld M[k]
            case 0x00: a = k  // ld #k
            case 0x07: x = a  // tax
            case 0x54: a &= k  // and
            case 0x6C: a <<= x  // lsh x
            case 0x74: a >>= k  // rsh
            case 0x06: return k != 0  // ret
            default:
                Issue.record("instruction \(String(instruction.code, radix: 16))")
                return false
            }
        }
    }

    private func packet(_ first: UInt8, _ id: UInt8, headerLength: Int) -> [UInt8] {
        [UInt8(0x40 + headerLength / 4)] + [UInt8](repeating: 0, count: max(0, headerLength - 1)) + [first, id, 100, 1]
    }

    @Test(arguments: [[51], [1, 31, 32, 33, 255], Array(1...255)] as [[UInt8]])
    func ourVirtualRoutersPassAndNoOthers(ours: [UInt8]) {
        let filter = PacketFilter.instructions(family: .ipv4, virtualRouterIDs: Set(ours))
        for id in UInt8.min...UInt8.max {
            for first in [0x21, 0x31] as [UInt8] {
                #expect(passes(packet(first, id, headerLength: 20), filter) == ours.contains(id))
                #expect(passes(packet(first, id, headerLength: 24), filter) == ours.contains(id))
            }
        }
    }

    @Test(arguments: [0x00, 0x11, 0x20, 0x22, 0x30, 0x32, 0x41, 0xFF] as [UInt8])
    func whatIsNoAdvertisementDies(first: UInt8) {
        let filter = PacketFilter.instructions(family: .ipv4, virtualRouterIDs: [51])
        #expect(!passes(packet(first, 51, headerLength: 20), filter))
    }

    @Test func overIPv6TheMessageBeginsAtOnce() {
        let filter = PacketFilter.instructions(family: .ipv6, virtualRouterIDs: [51])
        #expect(passes([0x31, 51, 100, 1], filter))
        #expect(!passes([0x31, 52, 100, 1], filter))
        #expect(!passes([0x31], filter))
    }
}
