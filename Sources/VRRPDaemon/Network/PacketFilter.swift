import CLinux
import VRRP

/// An instruction of classic BPF (bpf(4)).
struct FilterInstruction: Hashable {
    var code: UInt16
    var operand: UInt32
    var jumpIfTrue: UInt8
    var jumpIfFalse: UInt8

    init(_ code: UInt16, _ operand: UInt32, then jumpIfTrue: UInt8 = 0, else jumpIfFalse: UInt8 = 0) {
        self.code = code
        self.operand = operand
        self.jumpIfTrue = jumpIfTrue
        self.jumpIfFalse = jumpIfFalse
    }
}

/// Lets a socket have only what the filter wants, from now on.
func attach(_ filter: [FilterInstruction], to descriptor: Int32) throws(SystemError) {
    var instructions = filter.map {
        sock_filter(code: $0.code, jt: $0.jumpIfTrue, jf: $0.jumpIfFalse, k: $0.operand)
    }
    let result = instructions.withUnsafeMutableBufferPointer { instructions in
        var program = sock_fprog(len: UInt16(instructions.count), filter: instructions.baseAddress)
        return setsockopt(
            descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
    }
    guard result == 0 else { throw SystemError("filtering a socket") }
}

/// What reaches a raw socket of protocol 112: advertisements of version 2 or 3 for the given virtual routers. Whatever else
/// there is would be thrown away unread, and dies in the kernel at less cost. Everything about a virtual router of ours
/// passes, right or wrong: an operator wants to know of it.
enum PacketFilter {
    static func instructions(family: AddressFamily, virtualRouterIDs: Set<UInt8>) -> [FilterInstruction] {
        var words = [UInt32](repeating: 0, count: 8)
        for id in virtualRouterIDs { words[Int(id) / 32] |= 1 << UInt32(id % 32) }

        let loadOctet = UInt16(BPF_LD | BPF_B | BPF_IND), jumpIfEqual = UInt16(BPF_JMP | BPF_JEQ | BPF_K)
        let present = words.indices.filter { words[$0] != 0 }
        let drop = Self.prologue + 3 * present.count
        func distance(from place: Int, to target: Int) -> UInt8 { UInt8(target - place - 1) }

        var filter: [FilterInstruction] = [
            // An IPv4 socket sees the IP header, whose length X then holds; an IPv6 one does not.
            family == .ipv4 ? .init(UInt16(BPF_LDX | BPF_B | BPF_MSH), 0) : .init(UInt16(BPF_LDX | BPF_W | BPF_IMM), 0),
            .init(loadOctet, 0),
            .init(jumpIfEqual, 0x21, then: 1),
            .init(jumpIfEqual, 0x31, else: distance(from: 3, to: drop)),
            // M[1] = 1 << (ID % 32), A = ID / 32: then the word of that number is looked at.
            .init(loadOctet, 1),
            .init(UInt16(BPF_ST), 0),
            .init(UInt16(BPF_ALU | BPF_AND | BPF_K), 31),
            .init(UInt16(BPF_MISC | BPF_TAX), 0),
            .init(UInt16(BPF_LD | BPF_IMM), 1),
            .init(UInt16(BPF_ALU | BPF_LSH | BPF_X), 0),
            .init(UInt16(BPF_ST), 1),
            .init(UInt16(BPF_LD | BPF_W | BPF_MEM), 0),
            .init(UInt16(BPF_ALU | BPF_RSH | BPF_K), 5),
        ]
        for word in present {
            filter.append(.init(jumpIfEqual, UInt32(word), else: 2))
            filter.append(.init(UInt16(BPF_LD | BPF_W | BPF_MEM), 1))
            filter.append(
                .init(
                    UInt16(BPF_JMP | BPF_JSET | BPF_K), words[word],
                    then: distance(from: filter.count, to: drop + 1), else: distance(from: filter.count, to: drop)))
        }
        filter.append(.init(UInt16(BPF_RET | BPF_K), 0))
        filter.append(.init(UInt16(BPF_RET | BPF_K), .max))
        return filter
    }

    /// Instructions before the words are looked at.
    private static let prologue = 13
}
