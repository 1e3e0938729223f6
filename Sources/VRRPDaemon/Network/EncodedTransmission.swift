import VRRP

/// A transmission and its octets for each destination: a master sends the same ones all the time.
struct EncodedTransmission: Hashable {
    let transmission: Transmission
    /// In the order of the destinations.
    let octets: [[UInt8]]

    init(_ transmission: Transmission) {
        self.transmission = transmission
        octets = transmission.destinations.map {
            transmission.advertisement.encoded(from: transmission.source, to: $0, checksum: transmission.checksum)
        }
    }

    /// The same with priority 0.
    var resignation: EncodedTransmission {
        var transmission = transmission
        transmission.advertisement.priority = 0
        return EncodedTransmission(transmission)
    }
}
