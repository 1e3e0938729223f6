/* old-kernel PROGRAM ARGUMENT…: runs a program as on Linux 3.10.
 *
 * Every system call that x86-64 has got since, from sched_setattr (314, Linux 3.14) on, answers ENOSYS, for the program
 * and whatever it starts. uname(2) names an old kernel (2.6 is the only kind that can be had): OpenSSL relies on
 * getrandom(2) alone where a newer one is named. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { first_newer_call = 314 };

int main(int count, char **arguments) {
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first_newer_call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof instructions / sizeof *instructions, instructions};
    if (count < 2) {
        fputs("Usage: old-kernel PROGRAM ARGUMENT...\n", stderr);
        return 64;
    }
    if (personality(UNAME26) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
        perror("old-kernel");
        return 71;
    }
    execv(arguments[1], arguments + 1);
    perror(arguments[1]);
    return 71;
}
