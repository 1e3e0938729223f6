import Glibc

/// `simulate FIRST COUNT`: so many networks, one a seed. Ends with 1 and what happened at the first that goes wrong.
@main
enum Simulate {
    static func main() {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == 2 else { exit(64) }
        for seed in numbers[0]..<numbers[0] + numbers[1] {
            guard let (finding, trace) = Simulation.run(seed: seed) else { continue }
            print("seed \(seed): \(finding)")
            print(trace.joined(separator: "\n"))
            exit(1)
        }
        print("\(numbers[1]) networks")
    }
}
