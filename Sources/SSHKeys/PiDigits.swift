/// The binary digits of π after the point.
enum PiDigits {
    /// The first words of 32 bits, by Machin's formula: π = 16 arctan(1/5) − 4 arctan(1/239).
    static func words(_ count: Int) -> [UInt32] {
        // One word before the point, and two behind the last that absorb the errors of rounding.
        let size = count + 3
        var sum = [UInt32](repeating: 0, count: size)
        addArctangent(of: 5, times: 16, negative: false, to: &sum)
        addArctangent(of: 239, times: 4, negative: true, to: &sum)
        return Array(sum[1...count])
    }

    /// Adds `times × (1/x − 1/3x³ + 1/5x⁵ − …)` to a fixed-point number, or takes it away.
    private static func addArctangent(of x: UInt64, times: UInt32, negative: Bool, to sum: inout [UInt32]) {
        var power = [UInt32](repeating: 0, count: sum.count)
        power[0] = times
        divide(&power, by: x, from: 0)
        var first = 0
        var divisor: UInt64 = 1
        var subtract = negative
        var term = power
        while true {
            while first < power.count, power[first] == 0 { first += 1 }
            if first == power.count { return }
            for index in first..<power.count { term[index] = power[index] }
            divide(&term, by: divisor, from: first)
            accumulate(term, from: first, subtract: subtract, into: &sum)
            divide(&power, by: x * x, from: first)
            divisor += 2
            subtract.toggle()
        }
    }

    private static func divide(_ number: inout [UInt32], by divisor: UInt64, from first: Int) {
        number.withUnsafeMutableBufferPointer { number in
            var rest: UInt64 = 0
            var index = first
            while index < number.count {
                let value = rest << 32 | UInt64(number[index])
                number[index] = UInt32(truncatingIfNeeded: value / divisor)
                rest = value % divisor
                index += 1
            }
        }
    }

    private static func accumulate(_ term: [UInt32], from first: Int, subtract: Bool, into sum: inout [UInt32]) {
        var carry: Int64 = 0
        var index = sum.count - 1
        while index >= 0, index >= first || carry != 0 {
            let part = index >= first ? Int64(term[index]) : 0
            let value = Int64(sum[index]) + (subtract ? -part : part) + carry
            sum[index] = UInt32(truncatingIfNeeded: value)
            carry = value >> 32
            index -= 1
        }
    }
}
