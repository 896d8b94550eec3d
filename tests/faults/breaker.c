/* Breaks the system calls with which a store is written: loaded with LD_PRELOAD, armed for the n-th of them.

   At that call the process dies by SIGKILL, half of what it wrote being on the disk, or the call fails with an errno,
   once or from then on. Only calls on regular files whose name holds the store's are counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long left = -1, seen = 0;
static int how = 0, stays = 0;
static char mark[4096] = "";

void breaker_arm(long at, int error, int for_good, const char *name) {
    left = at; how = error; stays = for_good; seen = 0;
    snprintf(mark, sizeof mark, "%s", name);
}

long breaker_seen(void) { return seen; }

static int is_ours(int fd) {
    char link[64], path[4096];
    if (!mark[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return strstr(path, mark) != NULL;
}

static int is_due(void) {
    seen++;
    if (left <= 0 || (stays ? seen < left : seen != left)) return 0;
    if (how) errno = how;
    return 1;
}

static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    if (is_ours(fd) && is_due()) {
        if (how) return -1;
        real(fd, buffer, size / 2, at);
        die();
    }
    return real(fd, buffer, size, at);
}

#define ON_A_FILE(name, parameters, ...)                                  \
    int name parameters {                                                 \
        static int (*real) parameters;                                    \
        if (!real) real = (int (*) parameters)dlsym(RTLD_NEXT, #name);    \
        if (is_ours(fd) && is_due()) {                                    \
            if (how) return -1;                                           \
            die();                                                        \
        }                                                                 \
        return real(__VA_ARGS__);                                         \
    }

ON_A_FILE(fsync, (int fd), fd)
ON_A_FILE(fdatasync, (int fd), fd)
ON_A_FILE(ftruncate64, (int fd, off64_t size), fd, size)

int unlink(const char *path) {
    static int (*real)(const char *);
    if (!real) real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    if (mark[0] && strstr(path, mark) && is_due()) {
        if (how) return -1;
        die();
    }
    return real(path);
}
