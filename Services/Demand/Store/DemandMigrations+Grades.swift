import Storage

extension DemandMigrations {
  /// Grades as received, of firms that are registered and of those that may come, and how far the log was read.
  static let grades = Migration(
    name: "0008-grades",
    sql: """
      CREATE TABLE received_grades (
        enterprise TEXT PRIMARY KEY CHECK (length(enterprise) BETWEEN 1 AND 64),
        grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D', 'E')),
        graded_day INTEGER NOT NULL,
        source TEXT NOT NULL CHECK (length(source) > 0)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE grade_cursor (
        feed TEXT PRIMARY KEY CHECK (feed = 'ratings'),
        sequence INTEGER NOT NULL CHECK (sequence >= 0)
      ) STRICT, WITHOUT ROWID;
      """)
}
