#include <openssl/crypto.h>

/* Runs before anything can use libcrypto, libssh2 included: what comes first decides. It must not clean up in exit(): a
 * connection's thread that ends at that moment frees the same things. Nor does it read the machine's openssl.cnf, which may
 * name modules of another libcrypto than the one that is linked in. */
__attribute__((constructor)) static void prepare_libcrypto(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}
