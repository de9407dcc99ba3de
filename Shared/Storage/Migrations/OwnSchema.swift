/// The store's own tables, migrated like everybody's under names that begin with `storage-`.
enum OwnSchema {
  static let namePrefix = "storage-"

  /// Bootstraps the record of migrations itself.
  static let ledger = """
    CREATE TABLE IF NOT EXISTS storage_migration (
      position INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      sql_sha256 BLOB NOT NULL CHECK (length(sql_sha256) = 32),
      apply_time_seconds INTEGER NOT NULL
    ) STRICT;
    """

  static let migrations = [
    Migration(
      name: "storage-0001-requests-events-chains",
      sql: """
        CREATE TABLE storage_request (
          organisation TEXT NOT NULL,
          request_id TEXT NOT NULL,
          method TEXT NOT NULL,
          request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
          outcome BLOB,
          rejection TEXT,
          create_time_micros INTEGER NOT NULL,
          PRIMARY KEY (organisation, request_id),
          CHECK ((outcome IS NULL) <> (rejection IS NULL))
        ) STRICT;

        CREATE TABLE storage_event (
          sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
          hash BLOB NOT NULL CHECK (length(hash) = 32),
          commit_time_micros INTEGER NOT NULL,
          type TEXT NOT NULL,
          subject TEXT NOT NULL,
          actor TEXT NOT NULL,
          payload BLOB NOT NULL
        ) STRICT;

        CREATE TABLE storage_chain (
          name TEXT PRIMARY KEY NOT NULL,
          sequence INTEGER NOT NULL CHECK (sequence >= anchor_sequence),
          hash BLOB NOT NULL CHECK (length(hash) = 32),
          anchor_sequence INTEGER NOT NULL CHECK (anchor_sequence >= 0),
          anchor_hash BLOB NOT NULL CHECK (length(anchor_hash) = 32)
        ) STRICT;

        CREATE TABLE storage_probe (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          count INTEGER NOT NULL
        ) STRICT;
        """)
  ]
}
