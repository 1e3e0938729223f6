import CCrypto

/// Arithmetic on large unsigned numbers, most significant byte first.
enum BigNumber {
    static func bytes(_ number: OpaquePointer) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &result)
        return result
    }

    /// `number mod (modulus - 1)`: what the Chinese remainder theorem needs of an RSA exponent.
    static func remainder(_ number: [UInt8], modulusMinusOne modulus: [UInt8]) -> [UInt8]? {
        guard let context = BN_CTX_new(), let dividend = BN_bin2bn(number, Int32(number.count), nil),
            let divisor = BN_bin2bn(modulus, Int32(modulus.count), nil), let rest = BN_new()
        else { return nil }
        defer {
            BN_clear_free(dividend)
            BN_clear_free(divisor)
            BN_clear_free(rest)
            BN_CTX_free(context)
        }
        guard BN_sub_word(divisor, 1) == 1, BN_div(nil, rest, dividend, divisor, context) == 1 else { return nil }
        return bytes(rest)
    }
}
