import Storage

extension DemandMigrations {
  /// Admits the third mode of push. The table's content does not change; see `checks`.
  static let broadcast = Migration(
    name: "0010-broadcast",
    sql: """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'push_mode IN (''directed'', ''open'')',
        'push_mode = ''directed'' OR push_mode = ''open'' OR push_mode = ''broadcast''')
        WHERE type = 'table' AND name = 'demands';
      PRAGMA writable_schema = RESET;
      """)
}
