/// libFuzzer's way in: a broken property ends the program, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let (failure, _) = CodecProperty.check(Array(UnsafeBufferPointer(start: start, count: count)))
    if let failure { fatalError(failure) }
    Budget.spend(count)
    return 0
}
