#include <libssh2.h>

/* 1.11.1 has a second function for what the first one, deprecated since, does with a pointer of the wrong kind. */
static inline void haprov_set_callback(LIBSSH2_SESSION *session, int kind, void (*callback)(void)) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, kind, callback);
#else
    libssh2_session_callback_set(session, kind, (void *)callback);
#endif
}
