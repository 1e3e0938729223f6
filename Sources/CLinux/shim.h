#include <arpa/inet.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What Glibc's module leaves out, or what only _GNU_SOURCE declares. */

/* What Glibc's module has in Swift, which Embedded mode does without. */

static inline int linux_errno(void) { return errno; }

static inline void linux_set_errno(int number) { errno = number; }

static inline int linux_open(const char *path, int flags, mode_t mode) {
    return open(path, flags, mode);
}

static inline void linux_ignore_signal(int number) { signal(number, SIG_IGN); }

static inline void linux_default_signal(int number) { signal(number, SIG_DFL); }

/* Of mlockall(2), since Linux 4.4. */
#define LINUX_MCL_ONFAULT 4

/* struct mmsghdr of recvmmsg(2) and sendmmsg(2). */
struct linux_message {
    struct msghdr header;
    unsigned int length;
};

static inline int linux_receive_messages(int descriptor, struct linux_message *messages, unsigned int count) {
    return (int)syscall(SYS_recvmmsg, descriptor, messages, count, MSG_DONTWAIT, (void *)0);
}

static inline int linux_send_messages(int descriptor, struct linux_message *messages, unsigned int count) {
    return (int)syscall(SYS_sendmmsg, descriptor, messages, count, MSG_DONTWAIT);
}

/* Swift hides fork(2) because it does not know which locks other threads hold; there is one thread here. */
static inline pid_t linux_fork(void) {
    return fork();
}

/* sigabbrev_np(3): TERM; NULL where there is no such signal. */
static inline const char *linux_signal_name(int number) {
    extern const char *sigabbrev_np(int);
    return sigabbrev_np(number);
}

static inline int linux_set_parent_death_signal(int number) {
    return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
}

static inline int linux_set_name(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* SCHED_RESET_ON_FORK: scripts that are started run as ordinary processes. */
static inline int linux_set_scheduler(int policy, int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return sched_setscheduler(0, policy | 0x40000000, &parameters);
}

/* Memory that is shared with whatever is forked; NULL where there is none to be had. */
static inline void *linux_share_memory(size_t size) {
    void *memory = mmap((void *)0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? (void *)0 : memory;
}

/* Words that another process reads. */
static inline unsigned long linux_load(const unsigned long *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void linux_store(unsigned long *word, unsigned long value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* pidfd_open(2) since Linux 5.3: ENOSYS before. */
static inline int linux_pidfd_open(pid_t process) {
    return (int)syscall(434, process, 0);
}

static inline int linux_set_groups(unsigned long count, const gid_t *groups) {
    return (int)syscall(SYS_setgroups, count, groups);
}

/* pipe2(2), whose ends no program gets that another thread starts at this moment. */
static inline int linux_pipe(int ends[2]) {
    return (int)syscall(SYS_pipe2, ends, O_CLOEXEC);
}

/* f_type of statfs(2); 0 where the file is not there. */
static inline unsigned int linux_file_system(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (unsigned int)status.f_type : 0;
}

/* accept4(2), closed on exec and never waited for. */
static inline int linux_accept(int descriptor) {
    return (int)syscall(SYS_accept4, descriptor, (void *)0, (void *)0, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* SO_PEERCRED of unix(7): who connected; (uid_t)-1 where that is not known. */
static inline uid_t linux_peer_user(int descriptor) {
    unsigned int credentials[3];
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, &length) != 0) return (uid_t)-1;
    return credentials[1];
}

/* The program's own pages that were never written to: they are given back and come again from the file as they are used. */
static inline void linux_release_program(void) {
    const Elf64_Phdr *header = (const Elf64_Phdr *)getauxval(AT_PHDR);
    const unsigned long count = getauxval(AT_PHNUM), page = getauxval(AT_PAGESZ);
    unsigned long base = 0;
    for (unsigned long i = 0; header && i < count; i++) {
        if (header[i].p_type != PT_LOAD) continue;
        /* The first one holds the file's header, and behind it these. */
        if (header[i].p_offset == 0) base = (unsigned long)header - sizeof(Elf64_Ehdr) - header[i].p_vaddr;
        if (header[i].p_flags & PF_W) continue;
        const unsigned long start = (base + header[i].p_vaddr + page - 1) & -page;
        const unsigned long end = (base + header[i].p_vaddr + header[i].p_memsz) & -page;
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
}
