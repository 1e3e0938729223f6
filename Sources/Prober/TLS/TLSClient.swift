// For how it prepares libcrypto, before anything else can.
import CCrypto
import CTLS

/// What all TLS connections of a prober have in common.
final class TLSClient {
    private let context: OpaquePointer
    private let name: String?

    init(_ question: TLSQuestion) throws(ProbeError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw ProbeError("OpenSSL cannot be prepared") }
        self.context = context
        // Only names are sent: an address is none (RFC 6066 section 3).
        name = question.name.flatMap { SocketAddress($0, port: 0) == nil ? $0 : nil }
        tls_prepare_client(context)
        let protocols = [8] + Array("http/1.1".utf8)
        SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count))
        if let authorities = question.authorities {
            try trust(authorities)
            judge(question.name)
        } else {
            SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        }
    }

    deinit { SSL_CTX_free(context) }

    /// A session on a connected socket; nil where there is no memory for one.
    func session(on descriptor: Int32) -> TLSSession? {
        guard let session = SSL_new(context) else { return nil }
        guard SSL_set_fd(session, descriptor) == 1, name.map({ tls_set_server_name(session, $0) == 1 }) ?? true else {
            SSL_free(session)
            return nil
        }
        SSL_set_connect_state(session)
        return TLSSession(session)
    }

    private func trust(_ authorities: [UInt8]) throws(ProbeError) {
        let store = SSL_CTX_get_cert_store(context)
        let input = BIO_new_mem_buf(authorities, Int32(authorities.count))
        defer { BIO_free(input) }
        var count = 0
        while let certificate = PEM_read_bio_X509(input, nil, nil, nil) {
            count += Int(X509_STORE_add_cert(store, certificate))
            X509_free(certificate)
        }
        // Its end is told as an error.
        ERR_clear_error()
        guard count > 0 else { throw ProbeError("expected certificates of authorities as PEM, found none") }
    }

    /// A certificate has to be of an authority and for the name.
    private func judge(_ name: String?) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let wanted = SSL_CTX_get0_param(context)
        // Whoever names an authority trusts it, whether or not somebody has signed it in turn.
        X509_VERIFY_PARAM_set_flags(wanted, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        guard let name else { return }
        if SocketAddress(name, port: 0) == nil {
            X509_VERIFY_PARAM_set_hostflags(wanted, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            X509_VERIFY_PARAM_set1_host(wanted, name, name.utf8.count)
        } else {
            X509_VERIFY_PARAM_set1_ip_asc(wanted, name)
        }
    }
}
