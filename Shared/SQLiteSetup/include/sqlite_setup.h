#ifndef HUIRONG_SQLITE_SETUP_H
#define HUIRONG_SQLITE_SETUP_H

/// Process-wide settings of SQLite that only a variadic C function takes, to be made before its first use: its counts of
/// memory, which nobody reads, cost a lock for every allocation.
///
/// Returns SQLITE_OK, or SQLITE_MISUSE when SQLite was in use already, which leaves everything as it was.
int huirong_sqlite_setup(void);

#endif
