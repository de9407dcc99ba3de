package import Storage

/// The schema of the evaluation service's store.
package enum EvaluationMigrations {
  /// All of the process in the order in which stores have applied them: the ratings' came between.
  package static func all(with ratings: [Migration]) -> [Migration] {
    first + ratings + [
      Migration(name: "0201-fact-changes", sql: factChanges), Migration(name: "0202-no-totals", sql: noTotals),
    ]
  }

  private static let first = [
    Migration(name: "0001-evaluation", sql: tables),
    Migration(name: "0002-feed-cursor", sql: feeds),
    Migration(name: "0003-publication", sql: publication),
    Migration(name: "0004-submissions", sql: submissions),
    Migration(name: "0005-totals", sql: totals),
    Migration(name: "0006-advisers-and-tasks", sql: advisersAndTasks),
  ]

  private static let factChanges = """
    -- What latest writings changed, for those who keep values in memory. The sequence counts values: it is that of the
    -- last one in the row, and the blob begins with how many it holds. Old rows go; the last one stays.
    CREATE TABLE fact_change (
      sequence INTEGER PRIMARY KEY,
      changes BLOB NOT NULL
    ) STRICT;
    """

  private static let noTotals = """
    -- Queries add up columns in memory: nothing has to be kept with every value.
    DROP TABLE fact_total;
    DROP TABLE fact_group;
    """

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

  private static let publication = """
    -- Who wrote and who adopted each version of a scheme; a draft has no adopt time.
    CREATE TABLE scheme_adoption (
      id TEXT NOT NULL,
      version INTEGER NOT NULL,
      creator TEXT NOT NULL,
      adopter TEXT NOT NULL,
      adopt_time_micros INTEGER,
      PRIMARY KEY (id, version),
      FOREIGN KEY (id, version) REFERENCES scheme (id, version)
    ) STRICT, WITHOUT ROWID;
    -- Versions from before schemes were adopted were in force from their creation.
    INSERT INTO scheme_adoption (id, version, creator, adopter, adopt_time_micros)
    SELECT id, version, '', '', json_extract(document, '$.createTime.microseconds') FROM scheme;

    CREATE TABLE appeal (
      appeal_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      run_id TEXT NOT NULL REFERENCES run (id),
      institution_id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'rejected')),
      document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX appeal_by_run ON appeal (run_id, appeal_key);

    CREATE TABLE target (
      period_code INTEGER NOT NULL,
      indicator_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      value INTEGER NOT NULL CHECK (value > 0),
      version INTEGER NOT NULL CHECK (version > 0),
      reason TEXT NOT NULL,
      setter TEXT NOT NULL,
      record_time_micros INTEGER NOT NULL,
      PRIMARY KEY (period_code, indicator_id, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE superseded_target (
      period_code INTEGER NOT NULL,
      indicator_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      value INTEGER NOT NULL,
      version INTEGER NOT NULL,
      reason TEXT NOT NULL,
      setter TEXT NOT NULL,
      record_time_micros INTEGER NOT NULL,
      PRIMARY KEY (period_code, indicator_id, subject, version)
    ) STRICT, WITHOUT ROWID;
    """

  private static let submissions = """
    ALTER TABLE fact ADD COLUMN days_late INTEGER NOT NULL DEFAULT 0 CHECK (days_late >= 0);
    ALTER TABLE fact ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE fact ADD COLUMN confirmer TEXT NOT NULL DEFAULT '';
    ALTER TABLE superseded_fact ADD COLUMN days_late INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE superseded_fact ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE superseded_fact ADD COLUMN confirmer TEXT NOT NULL DEFAULT '';

    -- Values that wait, or waited, for another person.
    CREATE TABLE pending_fact (
      pending_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      indicator_id TEXT NOT NULL,
      institution_id TEXT NOT NULL,
      period_code INTEGER NOT NULL,
      value INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'rejected')),
      document TEXT NOT NULL
    ) STRICT;
    -- One value waits at a time: whoever decides decides about all there is.
    CREATE UNIQUE INDEX pending_fact_open ON pending_fact (indicator_id, institution_id, period_code)
      WHERE state = 'open';

    CREATE TABLE superseded_indicator (
      id TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      document TEXT NOT NULL,
      PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;
    """

  private static let totals = """
    -- Where institutions belong: what queries tell facts apart by when they do not tell institutions apart.
    CREATE TABLE fact_group (
      group_key INTEGER PRIMARY KEY,
      region_code TEXT NOT NULL,
      peer_group TEXT NOT NULL,
      type TEXT NOT NULL,
      UNIQUE (region_code, peer_group, type)
    ) STRICT;
    -- Running totals of the values in force, kept in the transaction of every value. A sum is high × 2^32 + low.
    CREATE TABLE fact_total (
      indicator_key INTEGER NOT NULL REFERENCES indicator (indicator_key),
      months INTEGER NOT NULL,
      period_code INTEGER NOT NULL,
      group_key INTEGER NOT NULL REFERENCES fact_group (group_key),
      facts INTEGER NOT NULL CHECK (facts >= 0),
      high INTEGER NOT NULL,
      low INTEGER NOT NULL,
      PRIMARY KEY (indicator_key, months, period_code, group_key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO fact_group (region_code, peer_group, type)
    SELECT DISTINCT region_code, peer_group, type FROM institution ORDER BY region_code, peer_group, type;
    INSERT INTO fact_total (indicator_key, months, period_code, group_key, facts, high, low)
    SELECT indicator_key, period_code % 10000, period_code, group_key, count(*), sum(value >> 32),
      sum(value & 4294967295)
    FROM fact JOIN institution USING (institution_key)
    JOIN fact_group ON fact_group.region_code = institution.region_code
      AND fact_group.peer_group = institution.peer_group AND fact_group.type = institution.type
    GROUP BY indicator_key, period_code, group_key;
    """

  private static let advisersAndTasks = """
    ALTER TABLE institution ADD COLUMN employer_id TEXT NOT NULL DEFAULT '';

    CREATE TABLE adviser_awards (
      awards_key INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL UNIQUE REFERENCES run (id),
      scheme_id TEXT NOT NULL,
      period_code INTEGER NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX adviser_awards_by_period ON adviser_awards (scheme_id, period_code, awards_key);

    CREATE TABLE task (
      task_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      state TEXT NOT NULL CHECK (state IN ('open', 'claimed', 'reported', 'accepted', 'failed')),
      claim_region TEXT NOT NULL,
      document TEXT NOT NULL
    ) STRICT;

    -- Counted by the service when the excellent advisers of a year are named; schemes may name it from the first day.
    INSERT INTO indicator (id, document) VALUES ('adviser.excellent',
      '{"absentIsZero":true,"aggregation":"sum","basis":"counted when the excellent advisers of a year are named, by the institution that nominated them","createTime":{"microseconds":0},"direction":"higher","id":"adviser.excellent","source":{"feed":{}},"titleEN":"Excellent advisers","titleZH":"优秀金融顾问人数","unit":{"count":{}}}');
    """
}
