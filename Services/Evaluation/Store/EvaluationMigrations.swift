package import Storage

/// The schema of the evaluation service's store.
package enum EvaluationMigrations {
  package static let all = [
    Migration(name: "0001-evaluation", sql: tables),
    Migration(name: "0002-feed-cursor", sql: feeds),
  ]

  private static let tables = """
    CREATE TABLE indicator (
      indicator_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 64),
      document TEXT NOT NULL
    ) STRICT;

    CREATE TABLE institution (
      institution_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 64),
      title TEXT NOT NULL,
      peer_group TEXT NOT NULL,
      region_code TEXT NOT NULL,
      type TEXT NOT NULL,
      first_year INTEGER NOT NULL,
      registered_by_feed INTEGER NOT NULL CHECK (registered_by_feed IN (0, 1)),
      create_time_micros INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX institution_by_peer_group ON institution (peer_group, id);

    -- The value in force of each institution, indicator and period.
    CREATE TABLE fact (
      indicator_key INTEGER NOT NULL REFERENCES indicator (indicator_key),
      institution_key INTEGER NOT NULL REFERENCES institution (institution_key),
      period_code INTEGER NOT NULL,
      value INTEGER NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      record_time_micros INTEGER NOT NULL,
      reporter TEXT NOT NULL,
      evidence TEXT NOT NULL,
      PRIMARY KEY (indicator_key, institution_key, period_code)
    ) STRICT, WITHOUT ROWID;

    -- Versions that a correction replaced.
    CREATE TABLE superseded_fact (
      indicator_key INTEGER NOT NULL REFERENCES indicator (indicator_key),
      institution_key INTEGER NOT NULL REFERENCES institution (institution_key),
      period_code INTEGER NOT NULL,
      version INTEGER NOT NULL,
      value INTEGER NOT NULL,
      record_time_micros INTEGER NOT NULL,
      reporter TEXT NOT NULL,
      evidence TEXT NOT NULL,
      supersede_time_micros INTEGER NOT NULL,
      PRIMARY KEY (indicator_key, institution_key, period_code, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE scheme (
      id TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      document TEXT NOT NULL,
      PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE run (
      run_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      scheme_id TEXT NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_by_scheme ON run (scheme_id, run_key);

    CREATE TABLE run_input (
      run_key INTEGER PRIMARY KEY REFERENCES run (run_key),
      inputs BLOB NOT NULL
    ) STRICT;

    CREATE TABLE ranking (
      run_key INTEGER NOT NULL REFERENCES run (run_key),
      position INTEGER NOT NULL,
      table_name TEXT NOT NULL,
      rank INTEGER NOT NULL CHECK (rank >= 0),
      institution_id TEXT NOT NULL,
      title TEXT NOT NULL,
      total INTEGER NOT NULL,
      regular INTEGER NOT NULL,
      bonus INTEGER NOT NULL,
      grade TEXT NOT NULL,
      outside_reason TEXT NOT NULL,
      PRIMARY KEY (run_key, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ranking_by_table ON ranking (run_key, table_name, position);
    """

  private static let feeds = """
    -- The last event of each source whose effect is in this store.
    CREATE TABLE feed_cursor (
      source TEXT NOT NULL PRIMARY KEY,
      sequence INTEGER NOT NULL CHECK (sequence >= 0),
      apply_time_micros INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
