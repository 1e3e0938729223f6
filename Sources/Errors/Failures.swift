/// Several hosts failed, or one.
package struct Failures: Error, Sendable {
    package var all: [Failure]
    package init(_ all: [Failure]) { self.all = all }
}

extension Dictionary where Key == String {
    /// The values, or every failure.
    package func successes<T: Sendable>() throws(Failures) -> [String: T] where Value == Result<T, Failure> {
        var values: [String: T] = [:]
        var failures: [Failure] = []
        for (host, result) in self.sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let value): values[host] = value
            case .failure(let failure): failures.append(failure)
            }
        }
        guard failures.isEmpty else { throw Failures(failures) }
        return values
    }
}
