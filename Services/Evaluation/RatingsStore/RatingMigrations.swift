package import Storage

/// The tables of scorecards and ratings, beside the evaluation service's own in the same store.
package enum RatingMigrations {
  package static let all = [Migration(name: "0101-ratings", sql: tables)]

  private static let tables = """
    CREATE TABLE scorecard (
      id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
      version INTEGER NOT NULL CHECK (version > 0),
      purpose TEXT NOT NULL CHECK (purpose IN ('credit', 'innovation', 'technology')),
      state TEXT NOT NULL CHECK (state IN ('draft', 'adopted', 'retired')),
      document TEXT NOT NULL,
      PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;
    -- At most one version of a scorecard is in use.
    CREATE UNIQUE INDEX scorecard_adopted ON scorecard (id) WHERE state = 'adopted';

    CREATE TABLE rating (
      rating_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      enterprise TEXT NOT NULL,
      scorecard_id TEXT NOT NULL,
      scorecard_version INTEGER NOT NULL,
      day_number INTEGER NOT NULL,
      region_code TEXT NOT NULL,
      size TEXT NOT NULL,
      total INTEGER NOT NULL,
      grade TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('', 'good', 'bad')),
      document TEXT NOT NULL,
      FOREIGN KEY (scorecard_id, scorecard_version) REFERENCES scorecard (id, version)
    ) STRICT;
    CREATE INDEX rating_by_enterprise ON rating (enterprise, rating_key);
    CREATE INDEX rating_by_scorecard ON rating (scorecard_id, rating_key);
    CREATE INDEX rating_by_version ON rating (scorecard_id, scorecard_version, day_number);
    """
}
