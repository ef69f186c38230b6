/* A shim between a program and the system's calls on files, put in by LD_PRELOAD.
 *
 * Only what lies in the folder SHIM_FOLDER (an absolute path, the program's working directory) is looked at.
 *   SHIM_LOG    a file that takes every change of files in the folder, in order, with its data
 *   SHIM_NAMED  if set, the disk knows no nameless files (O_TMPFILE)
 *   SHIM_FAIL   kind:number:errno:sticky - the number-th call of that kind fails; with errno 0 it does half of its work;
 *               with sticky 1 every later one fails too
 *   SHIM_COUNT  a file that is told at the end how many calls of each kind there were, and whether one failed
 *
 * A record of the log: kind (1 byte), inode (8), offset (8), length of the first text (4) and that text, length of the
 * second (4) and that text; numbers as the machine has them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, SYNC, TRUNCATE, LINK, RENAME, UNLINK, STAT, LOCK, MODE, LIST, KINDS };
static const char *const NAMES[KINDS] = {"open", "read",   "write", "sync", "truncate", "link",
                                         "rename", "unlink", "stat",  "lock", "mode",     "list"};

enum { FDS = 1024 };
static struct {
    char what; /* 0 not ours, 'f' a file, 'd' a folder */
    uint64_t inode;
} fds[FDS];

static char folder[PATH_MAX];
static size_t folder_length;
static int log_fd = -1;
static int named;
static int count_fd = -1;
static long counts[KINDS];
static int hit;
static int fail_kind = -1;
static long fail_number;
static int fail_errno;
static int fail_sticky;

/* What happens before a program's first line is none of its business. */
static int begun;

#define REAL(result, name, ...)                                                                                        \
    static result (*real)(__VA_ARGS__);                                                                                \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int aside(const char *variable, int flags) {
    const char *path = getenv(variable);
    if (!path) return -1;
    int low = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CREAT | O_CLOEXEC, 0600);
    if (low < 0) return -1;
    int high = (int)syscall(SYS_fcntl, low, F_DUPFD_CLOEXEC, 1000);
    syscall(SYS_close, low);
    return high;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SHIM_FOLDER");
    if (!path) return;
    folder_length = strlen(path);
    if (folder_length + 1 >= sizeof folder) return;
    strcpy(folder, path);
    log_fd = aside("SHIM_LOG", O_WRONLY | O_APPEND);
    count_fd = aside("SHIM_COUNT", O_WRONLY | O_TRUNC);
    named = getenv("SHIM_NAMED") != NULL;
    const char *fail = getenv("SHIM_FAIL");
    char kind[16];
    if (fail && sscanf(fail, "%15[a-z]:%ld:%d:%d", kind, &fail_number, &fail_errno, &fail_sticky) == 4)
        for (int each = 0; each < KINDS; each++)
            if (!strcmp(kind, NAMES[each])) fail_kind = each;
    begun = 1;
}

/* Rewritten at each call, for a process may end without its last words. */
static void tell(void) {
    if (count_fd < 0) return;
    char text[512];
    int length = snprintf(text, sizeof text, "hit %d\n", hit);
    for (int kind = 0; kind < KINDS; kind++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s %ld\n", NAMES[kind], counts[kind]);
    syscall(SYS_pwrite64, count_fd, text, (size_t)length, 0L);
}

/* Whether this call is to fail: -1 no, else the errno (0 is half of the work). */
static int fault(int kind) {
    long number = __atomic_add_fetch(&counts[kind], 1, __ATOMIC_SEQ_CST);
    int fails = kind == fail_kind && (number == fail_number || (fail_sticky && number > fail_number));
    if (fails) hit = 1;
    tell();
    return fails ? fail_errno : -1;
}

/* The path within the folder, or NULL. "" is the folder itself. */
static const char *within(int at, const char *path, char *room) {
    if (!begun || !path) return NULL;
    const char *rest = path;
    if (path[0] == '/') {
        if (strncmp(path, folder, folder_length) || (path[folder_length] != '/' && path[folder_length])) return NULL;
        rest = path + folder_length;
    } else if (at != AT_FDCWD) {
        if (at < 0 || at >= FDS || fds[at].what != 'd' || !path[0]) return NULL;
    }
    size_t length = 0;
    while (*rest) {
        while (*rest == '/') rest++;
        size_t part = strcspn(rest, "/");
        if (part == 2 && !strncmp(rest, "..", 2)) return NULL;
        if (part && !(part == 1 && rest[0] == '.')) {
            if (length + part + 2 >= PATH_MAX) return NULL;
            if (length) room[length++] = '/';
            memcpy(room + length, rest, part);
            length += part;
        }
        rest += part;
    }
    room[length] = 0;
    return room;
}

static void record(char kind, uint64_t inode, uint64_t offset, const void *one, size_t one_length, const void *other,
                   size_t other_length) {
    if (log_fd < 0) return;
    uint32_t first = (uint32_t)one_length, second = (uint32_t)other_length;
    struct iovec parts[] = {{&kind, 1},           {&inode, 8},  {&offset, 8}, {&first, 4}, {(void *)one, one_length},
                            {&second, 4}, {(void *)other, other_length}};
    syscall(SYS_writev, log_fd, parts, 7);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    char room[PATH_MAX];
    const char *inside = within(at, path, room);
    if (!inside) return real(at, path, flags, mode);
    int nameless = (flags & O_TMPFILE) == O_TMPFILE;
    if (nameless && named) {
        errno = EOPNOTSUPP;
        return -1;
    }
    int error = fault(OPEN);
    if (error > 0) {
        errno = error;
        return -1;
    }
    int fresh = (flags & O_CREAT) && syscall(SYS_faccessat, at, path, F_OK);
    int fd = real(at, path, flags, mode);
    if (fd < 0 || fd >= FDS) return fd;
    struct stat about;
    fds[fd].what = 0;
    if (syscall(SYS_fstat, fd, &about)) return fd;
    if (S_ISDIR(about.st_mode)) fds[fd].what = 'd';
    if (S_ISREG(about.st_mode)) fds[fd].what = 'f';
    fds[fd].inode = (uint64_t)about.st_ino;
    if (nameless) record('T', fds[fd].inode, 0, "", 0, "", 0);
    if (fresh) record('C', fds[fd].inode, 0, inside, strlen(inside), "", 0);
    if (!fresh && !nameless && (flags & O_TRUNC)) record('F', fds[fd].inode, 0, "", 0, "", 0);
    return fd;
}

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;                 \
        va_end(rest);                                                                                                  \
        return opened(AT_FDCWD, path, flags, mode);                                                                    \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                                                                 \
    int name(int at, const char *path, int flags, ...) {                                                               \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;                 \
        va_end(rest);                                                                                                  \
        return opened(at, path, flags, mode);                                                                          \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int fd) {
    REAL(int, "close", int);
    if (fd >= 0 && fd < FDS) fds[fd].what = 0;
    return real(fd);
}

static int ours(int fd, char what) {
    return begun && fd >= 0 && fd < FDS && fds[fd].what == what;
}

/* How much of `length` is to be done; -1 with errno set if nothing. */
static ssize_t allowed(int kind, size_t length) {
    int error = fault(kind);
    if (error > 0) {
        errno = error;
        return -1;
    }
    return error == 0 && length > 1 ? (ssize_t)(length / 2) : (ssize_t)length;
}

ssize_t read(int fd, void *room, size_t length) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (!ours(fd, 'f')) return real(fd, room, length);
    ssize_t some = allowed(READ, length);
    return some < 0 ? some : real(fd, room, (size_t)some);
}

#define READS_AT(name, real_name)                                                                                      \
    ssize_t name(int fd, void *room, size_t length, off_t offset) {                                                    \
        REAL(ssize_t, real_name, int, void *, size_t, off_t);                                                          \
        if (!ours(fd, 'f')) return real(fd, room, length, offset);                                                     \
        ssize_t some = allowed(READ, length);                                                                          \
        return some < 0 ? some : real(fd, room, (size_t)some, offset);                                                 \
    }
READS_AT(pread, "pread")
READS_AT(pread64, "pread64")

ssize_t write(int fd, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!ours(fd, 'f')) return real(fd, data, length);
    ssize_t some = allowed(WRITE, length);
    if (some < 0) return some;
    off_t offset = (off_t)syscall(SYS_lseek, fd, 0L, SEEK_CUR);
    ssize_t done = real(fd, data, (size_t)some);
    if (done > 0) record('W', fds[fd].inode, (uint64_t)offset, data, (size_t)done, "", 0);
    return done;
}

#define WRITES_AT(name, real_name)                                                                                     \
    ssize_t name(int fd, const void *data, size_t length, off_t offset) {                                              \
        REAL(ssize_t, real_name, int, const void *, size_t, off_t);                                                    \
        if (!ours(fd, 'f')) return real(fd, data, length, offset);                                                     \
        ssize_t some = allowed(WRITE, length);                                                                         \
        if (some < 0) return some;                                                                                     \
        ssize_t done = real(fd, data, (size_t)some, offset);                                                           \
        if (done > 0) record('W', fds[fd].inode, (uint64_t)offset, data, (size_t)done, "", 0);                         \
        return done;                                                                                                   \
    }
WRITES_AT(pwrite, "pwrite")
WRITES_AT(pwrite64, "pwrite64")

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (!ours(fd, 'f')) return real(fd, parts, count);
    return count > 0 ? write(fd, parts[0].iov_base, parts[0].iov_len) : 0;
}

/* Copies within the system would pass the log by; programs then copy by themselves. */
ssize_t copy_file_range(int in, off_t *in_offset, int out, off_t *out_offset, size_t length, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off_t *, int, off_t *, size_t, unsigned);
    if (!ours(out, 'f')) return real(in, in_offset, out, out_offset, length, flags);
    errno = ENOSYS;
    return -1;
}

#define SENDS(name)                                                                                                    \
    ssize_t name(int out, int in, off_t *offset, size_t length) {                                                      \
        REAL(ssize_t, #name, int, int, off_t *, size_t);                                                               \
        if (!ours(out, 'f')) return real(out, in, offset, length);                                                     \
        errno = ENOSYS;                                                                                                \
        return -1;                                                                                                     \
    }
SENDS(sendfile)
SENDS(sendfile64)

static int synced(int fd, int (*real)(int)) {
    if (!ours(fd, 'f') && !ours(fd, 'd')) return real(fd);
    int error = fault(SYNC);
    if (error > 0) {
        errno = error;
        return -1;
    }
    int done = real(fd);
    if (!done) record(fds[fd].what == 'd' ? 'D' : 'S', fds[fd].inode, 0, "", 0, "", 0);
    return done;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return synced(fd, real);
}

#define TRUNCATES(name)                                                                                                \
    int name(int fd, off_t length) {                                                                                   \
        REAL(int, #name, int, off_t);                                                                                  \
        if (!ours(fd, 'f')) return real(fd, length);                                                                   \
        int error = fault(TRUNCATE);                                                                                   \
        if (error > 0) {                                                                                               \
            errno = error;                                                                                             \
            return -1;                                                                                                 \
        }                                                                                                              \
        int done = real(fd, length);                                                                                   \
        if (!done) record('F', fds[fd].inode, (uint64_t)length, "", 0, "", 0);                                         \
        return done;                                                                                                   \
    }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

static int refused(int kind) {
    int error = fault(kind);
    if (error <= 0) return 0;
    errno = error;
    return 1;
}

int linkat(int at, const char *old, int new_at, const char *new, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    char room[PATH_MAX];
    const char *inside = within(new_at, new, room);
    if (!inside) return real(at, old, new_at, new, flags);
    if (refused(LINK)) return -1;
    int done = real(at, old, new_at, new, flags);
    struct stat about;
    if (!done && !stat(new, &about)) record('L', (uint64_t)about.st_ino, 0, inside, strlen(inside), "", 0);
    return done;
}

int link(const char *old, const char *new) {
    return linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

static int renamed(int at, const char *old, int new_at, const char *new, unsigned flags) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *from = within(at, old, one), *to = within(new_at, new, other);
    if (from && to && refused(RENAME)) return -1;
    int done = (int)syscall(SYS_renameat2, at, old, new_at, new, flags);
    if (!done && from && to) record('R', 0, 0, from, strlen(from), to, strlen(to));
    return done;
}

int rename(const char *old, const char *new) {
    return renamed(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int at, const char *old, int new_at, const char *new) {
    return renamed(at, old, new_at, new, 0);
}

int renameat2(int at, const char *old, int new_at, const char *new, unsigned flags) {
    return renamed(at, old, new_at, new, flags);
}

int unlinkat(int at, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    char room[PATH_MAX];
    const char *inside = within(at, path, room);
    if (!inside) return real(at, path, flags);
    if (refused(UNLINK)) return -1;
    int done = real(at, path, flags);
    if (!done) record('U', 0, 0, inside, strlen(inside), "", 0);
    return done;
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int statx(int at, const char *path, int flags, unsigned mask, struct statx *about) {
    REAL(int, "statx", int, const char *, int, unsigned, struct statx *);
    char room[PATH_MAX];
    int descriptor = (flags & AT_EMPTY_PATH) && !path[0];
    if (descriptor ? ours(at, 'f') || ours(at, 'd') : within(at, path, room) != NULL)
        if (refused(STAT)) return -1;
    return real(at, path, flags, mask, about);
}

int flock(int fd, int operation) {
    REAL(int, "flock", int, int);
    if (ours(fd, 'f') && refused(LOCK)) return -1;
    return real(fd, operation);
}

int fchmod(int fd, mode_t mode) {
    REAL(int, "fchmod", int, mode_t);
    if (ours(fd, 'f') && refused(MODE)) return -1;
    return real(fd, mode);
}

DIR *opendir(const char *path) {
    REAL(DIR *, "opendir", const char *);
    char room[PATH_MAX];
    if (within(AT_FDCWD, path, room) && refused(LIST)) return NULL;
    return real(path);
}
