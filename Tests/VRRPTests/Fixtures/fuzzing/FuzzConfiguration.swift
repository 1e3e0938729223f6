/// libFuzzer's way in: a broken property ends the program, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let (failure, _) = ConfigurationProperty.check(Array(UnsafeBufferPointer(start: start, count: count)))
    if let failure { fatalError(failure) }
    Budget.spend(count)
    return 0
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateOctets(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

/// Half of the changes are libFuzzer's own, the others know the words that mean something.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: CUnsignedInt) -> Int {
    if count > 1 && seed % 2 == 0 { return mutateOctets(data, count, room) }
    var mutator = Mutator(generator: SplitMix(seed: UInt64(seed)), words: Vocabulary.words)
    let other = mutator.generator.pick(Vocabulary.configurations)
    let input = count > 1 ? Array(UnsafeBufferPointer(start: data, count: count)) : other
    let output = mutator.mutate(input, with: other).prefix(room)
    for (index, octet) in output.enumerated() { data[index] = octet }
    return output.count
}
