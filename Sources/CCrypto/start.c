#include <openssl/crypto.h>

/* Runs before anything can use libcrypto, libssh2 included: what comes first decides whether libcrypto cleans up in
 * exit(). It must not: a connection's thread that ends at that moment frees the same things. */
__attribute__((constructor)) static void leave_libcrypto_alone_at_exit(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}
