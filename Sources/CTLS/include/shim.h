#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* What OpenSSL has as macros only, which Swift does not see. */

/* TLS 1.2 at least. Every handshake is a whole one, as that of a client that comes for the first time. A peer that ends the
 * connection without saying so in TLS has ended it. */
void tls_prepare_client(SSL_CTX *context);

/* Asks for the certificate of this name (SNI, RFC 6066 section 3); 1 where it could be kept. */
int tls_set_server_name(SSL *session, const char *name);
