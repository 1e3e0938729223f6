import CTLS
import Glibc

/// TLS on one connection. It never waits: what cannot go on yet says so.
final class TLSSession {
    private let session: OpaquePointer

    init(_ session: OpaquePointer) { self.session = session }

    deinit { SSL_free(session) }

    /// Goes on with the handshake; its end is told as no bytes moved.
    func shakeHands() -> Transfer {
        attempt(SSL_do_handshake) { result in
            switch result {
            case .moved: .moved(0)
            case .ended: .failed(.reset)
            case .failed(.handshake): .failed(verdict)
            default: result
            }
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        attempt({ SSL_write($0, bytes.baseAddress, Int32(bytes.count)) }, { $0 })
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        attempt({ SSL_read($0, buffer.baseAddress, Int32(buffer.count)) }, { $0 })
    }

    private func attempt(_ action: (OpaquePointer) -> Int32, _ judged: (Transfer) -> Transfer) -> Transfer {
        ERR_clear_error()
        errno = 0
        let result = action(session)
        let number = errno
        if result > 0 { return judged(.moved(Int(result))) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .notYet
        case SSL_ERROR_ZERO_RETURN: return judged(.ended)
        case SSL_ERROR_SYSCALL: return number == 0 ? judged(.ended) : .failed(ProbeOutcome(errno: number))
        default: return judged(.failed(.handshake))
        }
    }

    /// Why a handshake has failed: by the certificate, where that was looked at and found wanting.
    private var verdict: ProbeOutcome {
        if SSL_get_verify_mode(session) == SSL_VERIFY_NONE { return .handshake }
        return switch Int32(SSL_get_verify_result(session)) {
        case X509_V_OK: .handshake
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .expired
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .misnamed
        default: .untrusted
        }
    }
}
