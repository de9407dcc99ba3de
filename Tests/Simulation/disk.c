/* A disk that forgets: preloaded into a process (LD_PRELOAD), it stands between SQLite and the C library.

   Writes to the store's file and its log go through, but what they overwrite is kept first, in a file of its own, until the
   process syncs. A power cut is then: kill -9, and put everything back that was not synced. The records outlive the process
   because they are written to files. The harness can also keep any of the unsynced sectors, as a real disk may.

   DISK_UNDO      folder of the records
   DISK_CONTROL   file of four 64-bit numbers, mapped and read at every call:
                  0  syncs until one fails with EIO; 0 never
                  1  writes until one fails with EIO; 0 never
                  2  bytes by which files may still grow, and 1; 0 without end; beyond, ENOSPC
                  3  1 runs the engine with synchronous=NORMAL and tells it that it is FULL: the control */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 65536, NAME = 512 };
enum { UNKNOWN, OTHER, STORE };

struct record {
  int64_t offset, size_before, length;
};

static volatile int64_t *control;
static const char *undo_folder;
static unsigned char kinds[FILES];
static int undo_files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_pread)(int, void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_close)(int);

__attribute__((constructor)) static void start(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_close = dlsym(RTLD_NEXT, "close");
  undo_folder = getenv("DISK_UNDO");
  const char *path = getenv("DISK_CONTROL");
  int file = path ? open(path, O_RDWR) : -1;
  if (file < 0 || !undo_folder) return;
  void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  real_close(file);
  if (map != MAP_FAILED) control = map;
}

static void fail(const char *what) {
  fprintf(stderr, "disk: %s: %s\n", what, strerror(errno));
  abort();
}

/* Whether the file is part of a store; called with the lock held. */
static int is_store(int file) {
  if (!control || file < 0 || file >= FILES) return 0;
  if (kinds[file] != UNKNOWN) return kinds[file] == STORE;
  char link[64], path[NAME], undo[NAME + 64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  const char *name = strrchr(path, '/');
  name = name ? name + 1 : path;
  size_t size = strlen(name);
  int ends = (size > 7 && !strcmp(name + size - 7, ".sqlite")) || (size > 11 && !strcmp(name + size - 11, ".sqlite-wal"));
  kinds[file] = ends ? STORE : OTHER;
  if (!ends) return 0;
  snprintf(undo, sizeof undo, "%s/%s.undo", undo_folder, name);
  undo_files[file] = open(undo, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (undo_files[file] < 0) fail(undo);
  return 1;
}

/* Whether a countdown has come to its end. */
static int due(int which) {
  if (control[which] <= 0) return 0;
  if (control[which] > 1) {
    control[which]--;
    return 0;
  }
  return 1;
}

/* Keeps what lies between the offset and the end, or as many bytes of it as are about to go. */
static void keep(int file, int64_t offset, int64_t length, int64_t size) {
  if (offset + length > size) length = size > offset ? size - offset : 0;
  unsigned char *bytes = malloc(sizeof(struct record) + length);
  if (!bytes) fail("malloc");
  struct record head = {offset, size, length};
  memcpy(bytes, &head, sizeof head);
  if (length && real_pread(file, bytes + sizeof head, length, offset) != length) fail("pread");
  int64_t all = sizeof head + length, done = 0;
  while (done < all) {
    ssize_t wrote = real_write(undo_files[file], bytes + done, all - done);
    if (wrote < 0) fail("undo");
    done += wrote;
  }
  free(bytes);
}

static int64_t size_of(int file) {
  struct stat status;
  if (fstat(file, &status)) fail("fstat");
  return status.st_size;
}

static ssize_t store_write(int file, const void *bytes, size_t count, off64_t offset) {
  if (due(1)) return errno = EIO, -1;
  int64_t size = size_of(file), growth = offset + (int64_t)count - size;
  if (growth > 0 && control[2] > 0) {
    if (growth > control[2] - 1) return errno = ENOSPC, -1;
    control[2] -= growth;
  }
  keep(file, offset, count, size);
  return real_pwrite(file, bytes, count, offset);
}

static int store_sync(int file) {
  if (due(0)) return errno = EIO, -1;
  if (real_ftruncate(undo_files[file], 0)) fail("undo");
  return 0;
}

#define GUARDED(type, file, mine, theirs)        \
  if (!control) return theirs;                   \
  pthread_mutex_lock(&lock);                     \
  if (!is_store(file)) {                         \
    pthread_mutex_unlock(&lock);                 \
    return theirs;                               \
  }                                              \
  type result = mine;                            \
  int saved = errno;                             \
  pthread_mutex_unlock(&lock);                   \
  errno = saved;                                 \
  return result;

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  GUARDED(ssize_t, file, store_write(file, bytes, count, offset), real_pwrite(file, bytes, count, offset))
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

static int store_truncate(int file, off64_t length) {
  int64_t size = size_of(file);
  keep(file, length, size, size);
  return real_ftruncate(file, length);
}

int ftruncate64(int file, off64_t length) { GUARDED(int, file, store_truncate(file, length), real_ftruncate(file, length)) }

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int fsync(int file) { GUARDED(int, file, store_sync(file), real_fsync(file)) }

int fdatasync(int file) { GUARDED(int, file, store_sync(file), real_fdatasync(file)) }

int close(int file) {
  if (control && file >= 0 && file < FILES) {
    pthread_mutex_lock(&lock);
    if (kinds[file] == STORE) real_close(undo_files[file]);
    kinds[file] = UNKNOWN;
    pthread_mutex_unlock(&lock);
  }
  return real_close(file);
}

/* The control: the same program over an engine that does not sync each commit. */

typedef int (*prepare3)(void *, const char *, int, unsigned, void **, const char **);
typedef int (*prepare2)(void *, const char *, int, void **, const char **);

static const char *other(const char *sql, int *length) {
  if (!control || control[3] != 1) return sql;
  size_t size = *length < 0 ? strlen(sql) : strnlen(sql, *length);
  const char *full = "PRAGMA synchronous = FULL", *ask = "PRAGMA synchronous";
  if (size == strlen(full) && !strncmp(sql, full, size)) return *length = -1, "PRAGMA synchronous = NORMAL";
  if (size == strlen(ask) && !strncmp(sql, ask, size)) return *length = -1, "SELECT 2";
  return sql;
}

int sqlite3_prepare_v3(void *database, const char *sql, int length, unsigned flags, void **statement, const char **tail) {
  static prepare3 real;
  if (!real) real = (prepare3)dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
  const char *text = other(sql, &length);
  int code = real(database, text, length, flags, statement, tail);
  if (text != sql && tail) *tail = sql + strlen(sql);
  return code;
}

int sqlite3_prepare_v2(void *database, const char *sql, int length, void **statement, const char **tail) {
  static prepare2 real;
  if (!real) real = (prepare2)dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
  const char *text = other(sql, &length);
  int code = real(database, text, length, statement, tail);
  if (text != sql && tail) *tail = sql + strlen(sql);
  return code;
}
