/* Loaded before the C library: counts what a process does to files below watched folders, and lets
   the n-th such operation fail, or the process die there; writes all of it down when asked to.

   Native code is met like Python's own. Every call goes straight to the kernel, so that nothing
   here depends on what else is loaded. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NOTE, OPEN, READ, WRITE, FSYNC, RENAME, MKDIR, LINK, UNLINK, TRUNCATE, CLOSE };
enum mode { COUNT, REFUSE, FULL, SHORT, KILL, TORN };
enum fate { PASS, FAIL, HALF };

#define ROOTS 4
#define FILES 4096

/* Shared with forked processes: what the parent wants, and what became of it. */
struct control {
  int64_t kinds;   /* bits of the kinds that count; 0: nothing is watched */
  int64_t mode;
  int64_t strike;  /* the number of the operation that is met; -1: every second one */
  int64_t error;   /* errno of one that is refused */
  int64_t log;     /* descriptor of the log, or -1 */
  _Atomic int64_t count;
  _Atomic int64_t struck; /* kind of the operation that was met */
  char root[ROOTS][512];
};

static struct control *control;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char opened[FILES]; /* by descriptor: 0 not watched, 1 read, 2 written */

static void our_turn(void) { pthread_mutex_lock(&turn); }
static void next_turn(void) { pthread_mutex_unlock(&turn); }

__attribute__((constructor)) static void begin(void) {
  control = mmap(0, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  control->log = -1;
  pthread_atfork(our_turn, next_turn, next_turn);
}

struct control *faults_control(void) { return control; }

/* Asked before every operation that counts; may fork, and arm the shim in the child. */
static void (*asked)(int64_t kind, int64_t flags);
void faults_ask(void (*whom)(int64_t, int64_t)) { asked = whom; }

/* The path as the kernel would look it up, where it lies below a watched folder. */
static int watched(int folder, const char *path, char *whole, size_t size) {
  if (!control || !control->kinds || !path) return 0;
  if (path[0] == '/') {
    snprintf(whole, size, "%s", path);
  } else {
    char link[64];
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, whole, size - 1);
    if (length < 0) return 0;
    snprintf(whole + length, size - length, "/%s", path);
  }
  for (int i = 0; i < ROOTS; i++) {
    size_t length = strlen(control->root[i]);
    if (length && !strncmp(whole, control->root[i], length) &&
        (whole[length] == '/' || !whole[length]))
      return 1;
  }
  return 0;
}

static int is_watched(int file) {
  return control && control->kinds && file >= 0 && file < FILES ? opened[file] : 0;
}

static int takes_space(int kind, int flags) {
  if (kind == OPEN) return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
  return kind == WRITE || kind == MKDIR || kind == RENAME || kind == LINK;
}

static int refused(int error) {
  errno = error;
  return FAIL;
}

static enum fate meet(int kind, int flags) {
  if (!(control->kinds >> kind & 1)) return PASS;
  if (asked) asked(kind, flags);
  int64_t number = atomic_fetch_add(&control->count, 1) + 1;
  int first = control->strike < 0 ? number % 2 == 0 : number == control->strike;
  if (control->mode == FULL ? number < control->strike : !first) return PASS;
  switch (control->mode) {
    case REFUSE:
      atomic_store(&control->struck, kind);
      return refused(control->error);
    case FULL:
      if (!takes_space(kind, flags)) return PASS;
      int before = atomic_exchange(&control->struck, kind);
      return !before && kind == WRITE ? HALF : refused(ENOSPC);
    case SHORT:
    case TORN:
      if (kind != WRITE) return PASS;
      atomic_store(&control->struck, kind);
      return HALF;
    case KILL:
      atomic_store(&control->struck, kind);
      kill(getpid(), SIGKILL);
      pause();
  }
  return PASS;
}

static void die_if_torn(void) {
  if (control->mode == TORN) {
    kill(getpid(), SIGKILL);
    pause();
  }
}

/* The log: a head of eight numbers, two paths, data. */
static void put(const void *what, size_t size) {
  const char *rest = what;
  while (size) {
    ssize_t done = syscall(SYS_write, (int)control->log, rest, size);
    if (done <= 0) return;
    rest += done, size -= done;
  }
}

static void log_it(int kind, long file, long flags, long offset, const char *path,
                   const char *other, const void *data, size_t size) {
  if (!control || control->log < 0) return;
  int kept = errno;
  size_t first = path ? strlen(path) : 0, second = other ? strlen(other) : 0;
  int64_t head[8] = {kind, file, flags, offset, first, second, size, getpid()};
  put(head, sizeof head);
  put(path, first);
  put(other, second);
  put(data, size);
  errno = kept;
}

void faults_note(const char *text) { log_it(NOTE, 0, 0, 0, text, 0, 0, 0); }

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  char whole[4608];
  int ours = watched(folder, path, whole, sizeof whole);
  if (!ours) {
    int file = syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && file < FILES) opened[file] = 0;
    return file;
  }
  if (meet(OPEN, flags) == FAIL) return -1;
  our_turn();
  int file = syscall(SYS_openat, folder, path, flags, mode);
  if (file >= 0 && file < FILES) {
    opened[file] = (flags & O_ACCMODE) == O_RDONLY ? 1 : 2;
    log_it(OPEN, file, flags, 0, whole, 0, 0, 0);
  }
  next_turn();
  return file;
}

#define OPENING(flags, mode)                                     \
  mode_t mode = 0;                                               \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {   \
    va_list rest;                                                \
    va_start(rest, flags);                                       \
    mode = va_arg(rest, mode_t);                                 \
    va_end(rest);                                                \
  }

int open(const char *path, int flags, ...) { OPENING(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { OPENING(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { OPENING(flags, mode) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { OPENING(flags, mode) return open_at(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

ssize_t read(int file, void *data, size_t size) {
  if (is_watched(file) && meet(READ, 0) == FAIL) return -1;
  return syscall(SYS_read, file, data, size);
}

ssize_t write(int file, const void *data, size_t size) {
  if (is_watched(file) != 2) return syscall(SYS_write, file, data, size);
  enum fate fate = meet(WRITE, 0);
  if (fate == FAIL) return -1;
  our_turn();
  ssize_t done = syscall(SYS_write, file, data, fate == HALF ? (size + 1) / 2 : size);
  if (fate == HALF) die_if_torn();
  if (done > 0) {
    long end = syscall(SYS_lseek, file, 0, SEEK_CUR);
    log_it(WRITE, file, 0, end - done, 0, 0, data, done);
  }
  next_turn();
  return done;
}

ssize_t pwrite(int file, const void *data, size_t size, off_t offset) {
  if (is_watched(file) != 2) return syscall(SYS_pwrite64, file, data, size, offset);
  enum fate fate = meet(WRITE, 0);
  if (fate == FAIL) return -1;
  our_turn();
  ssize_t done = syscall(SYS_pwrite64, file, data, fate == HALF ? (size + 1) / 2 : size, offset);
  if (fate == HALF) die_if_torn();
  if (done > 0) log_it(WRITE, file, 0, offset, 0, 0, data, done);
  next_turn();
  return done;
}
ssize_t pwrite64(int file, const void *data, size_t size, off_t offset) { return pwrite(file, data, size, offset); }

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_watched(file) != 2) return syscall(SYS_writev, file, parts, count);
  return count ? write(file, parts[0].iov_base, parts[0].iov_len) : 0; /* the rest comes again */
}

static int flushed(int call, int file) {
  if (!is_watched(file)) return syscall(call, file);
  if (meet(FSYNC, 0) == FAIL) return -1;
  our_turn();
  int done = syscall(call, file);
  if (!done) log_it(FSYNC, file, 0, 0, 0, 0, 0, 0);
  next_turn();
  return done;
}
int fsync(int file) { return flushed(SYS_fsync, file); }
int fdatasync(int file) { return flushed(SYS_fdatasync, file); }

int ftruncate(int file, off_t size) {
  if (!is_watched(file)) return syscall(SYS_ftruncate, file, size);
  if (meet(TRUNCATE, 0) == FAIL) return -1;
  our_turn();
  int done = syscall(SYS_ftruncate, file, size);
  if (!done) log_it(TRUNCATE, file, 0, size, 0, 0, 0, 0);
  next_turn();
  return done;
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int close(int file) {
  int ours = is_watched(file);
  if (file >= 0 && file < FILES) opened[file] = 0;
  if (!ours) return syscall(SYS_close, file);
  enum fate fate = ours == 2 ? meet(CLOSE, 0) : PASS;
  our_turn();
  log_it(CLOSE, file, 0, 0, 0, 0, 0, 0);
  int done = syscall(SYS_close, file); /* it is closed even where that fails */
  next_turn();
  return fate == FAIL ? (errno = control->error, -1) : done;
}

static int named(int kind, int call, int folder, const char *path, long third) {
  char whole[4608];
  if (!watched(folder, path, whole, sizeof whole)) return syscall(call, folder, path, third);
  if (meet(kind, 0) == FAIL) return -1;
  our_turn();
  int done = syscall(call, folder, path, third);
  if (!done) log_it(kind, 0, third, 0, whole, 0, 0, 0);
  next_turn();
  return done;
}
int mkdir(const char *path, mode_t mode) { return named(MKDIR, SYS_mkdirat, AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return named(MKDIR, SYS_mkdirat, folder, path, mode); }
int unlink(const char *path) { return named(UNLINK, SYS_unlinkat, AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return named(UNLINK, SYS_unlinkat, folder, path, flags); }
int rmdir(const char *path) { return named(UNLINK, SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int done = unlink(path);
  return done && errno == EISDIR ? rmdir(path) : done;
}

static int moved(int kind, int call, int from_folder, const char *from, int to_folder,
                 const char *to, int flags) {
  char one[4608], other[4608];
  int ours = watched(to_folder, to, other, sizeof other);
  ours |= watched(from_folder, from, one, sizeof one);
  if (!ours) return syscall(call, from_folder, from, to_folder, to, flags);
  if (meet(kind, 0) == FAIL) return -1;
  our_turn();
  int done = syscall(call, from_folder, from, to_folder, to, flags);
  if (!done) log_it(kind, 0, flags, 0, one, other, 0, 0);
  next_turn();
  return done;
}
int rename(const char *from, const char *to) { return moved(RENAME, SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return moved(RENAME, SYS_renameat2, a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return moved(RENAME, SYS_renameat2, a, from, b, to, flags); }
int link(const char *from, const char *to) { return moved(LINK, SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return moved(LINK, SYS_linkat, a, from, b, to, flags); }
