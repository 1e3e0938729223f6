import Drills
import Errors
import Foundation
import Inventory
import Provisioning
import YAMLReading

/// Whom certificates of the service may be signed by, where drills judge them.
enum DrillAuthorities {
    /// Where distributions keep those that they trust, in one file.
    private static let files = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// Their certificates as PEM; nil where nobody judges. Hosts that ask get these too, whatever they trust themselves.
    static func read(_ settings: DrillSettings) throws(Failure) -> [UInt8]? {
        guard settings.verifies else { return nil }
        let named = settings.authorities ?? ProcessInfo.processInfo.environment["SSL_CERT_FILE"]
        for path in named.map({ [$0] }) ?? files {
            guard let content = FileManager.default.contents(atPath: path) else { continue }
            guard content.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) != nil else {
                throw failure("\(path) has no certificate", "It has to hold the authorities' certificates as PEM.")
            }
            return Array(content)
        }
        throw failure(
            named.map { "\($0) cannot be read" } ?? "this machine has no file of authorities that it trusts",
            "Name a PEM file of those who sign the service's certificate: `drill: { ca: PATH }`.")
    }

    private static func failure(_ summary: String, _ remedy: String) -> Failure {
        Failure(.input, step: "drill", summary: summary, remedy: remedy)
    }
}

extension Cluster {
    /// An error where certificates are to be judged and it cannot be read by whom they may be signed.
    func unreadableAuthorities(_ reading: InventoryReader.Reading, file: String) -> [Diagnostic] {
        do throws(Failure) {
            _ = try DrillAuthorities.read(drill)
            return []
        } catch {
            return [
                reading.diagnostic(
                    .error, at: drill.authorities == nil ? "drill.verify" : "drill.ca", file: file,
                    message: error.summary, remedy: error.remedy)
            ]
        }
    }
}

extension Workspace {
    /// How a run asks the service.
    func drillOptions(_ run: RunIdentity) throws(Failure) -> DrillOptions {
        DrillOptions(run, clock: Clock.now, authorities: try DrillAuthorities.read(cluster.drill))
    }
}
