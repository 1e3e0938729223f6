import HAProxyReading
import VRRP

/// What rules judge: balancers by their files, whether these were written by hand or rendered from an inventory.
package struct LintSubject: Sendable {
    package var balancers: [Balancer] = []
    /// Milliseconds within which clients are to be served again; nil where others judge that.
    package var promise: Int?
    /// Seconds since 1970, for certificates; nil where they are not judged.
    package var now: Int?
    /// Milliseconds until HAProxy's death is seen, where the engine is known to need less than a check's interval.
    package var detection: Int?

    package init(
        balancers: [Balancer] = [], promise: Int? = nil, now: Int? = nil, detection: Int? = nil
    ) {
        self.balancers = balancers
        self.promise = promise
        self.now = now
        self.detection = detection
    }

    /// What is known of one balancer.
    package struct Balancer: Sendable {
        /// For messages.
        package var name: String
        package var keepalived: Keepalived?
        package var haproxy: HAProxyConfiguration?
        /// Check scripts, by the path under which keepalived.conf names them.
        package var scripts: [String: Script] = [:]
        /// Files with certificates.
        package var certificates: [Certificate] = []
        /// net.ipv4.ip_nonlocal_bind; nil where nothing says.
        package var bindsForeignAddresses: Bool?

        package init(name: String) { self.name = name }
    }

    /// A keepalived.conf with what it includes.
    package struct Keepalived: Sendable {
        package var file: String
        package var result: ConfigurationReader.Result

        package init(file: String, result: ConfigurationReader.Result) {
            self.file = file
            self.result = result
        }
    }

    /// A program of the shell that keepalived runs.
    package struct Script: Sendable {
        /// Where it was read, for messages.
        package var file: String
        package var text: String
        /// Permission bits; nil where they are not those that it has on the balancer.
        package var mode: Int?

        package init(file: String, text: String, mode: Int? = nil) {
            self.file = file
            self.text = text
            self.mode = mode
        }
    }

    /// A file with a certificate, as PEM.
    package struct Certificate: Sendable {
        package var file: String
        package var text: String

        package init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }
}
