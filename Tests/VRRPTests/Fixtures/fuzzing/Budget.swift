import Glibc

/// How many octets are still to be tried: libFuzzer counts inputs, not octets.
enum Budget {
    nonisolated(unsafe) private static var bytes = 0
    nonisolated(unsafe) private static var inputs = 0
    private static let limit = getenv("HAPROV_FUZZ_BYTES").flatMap { Int(String(cString: $0)) } ?? Int.max

    static func spend(_ count: Int) {
        bytes += count
        inputs += 1
        if bytes >= limit {
            print("\(inputs) inputs of \(bytes) octets in all, none of which broke anything")
            fflush(nil)
            // Not exit(3), which libFuzzer takes for a failure.
            _exit(0)
        }
    }
}
