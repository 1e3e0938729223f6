#include <nss.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

/* What has to be settled before anything else runs, the Swift runtime included: hence the priority. */
__attribute__((constructor(101))) static void prepare(void) {
    /* A static program cannot load the modules that /etc/nsswitch.conf may name (sss, myhostname, resolve …): those of
     * another glibc would crash it. What is built into it is asked, wherever it runs. */
    static const char *const files[] = {"passwd", "group", "services", "protocols", "networks"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) __nss_configure_lookup(files[i], "files");
    __nss_configure_lookup("hosts", "files dns");

    /* The Swift runtime ends the process without it, in words that help nobody. */
    char path[1];
    if (readlink("/proc/self/exe", path, sizeof path) < 0) {
        say("haprov: cannot start: /proc is not mounted here\n  Mount it: mount -t proc proc /proc\n");
        _exit(1);
    }
}
