import Storage

extension DemandMigrations {
  /// What a submission writes, made smaller. A list by place is read as a merge of one index range per state (and per city,
  /// for a province), so that five of eight indexes go. The pairs of purposes and notes are kept for 256 demands at a time,
  /// each pair with its demands' places in the block as two hexadecimal digits. The sequence of a demand's first event
  /// stands in its row; `demand_events` has the later ones, and those of older stores all.
  static let submissions = Migration(
    name: "0009-submissions",
    sql: """
      DROP INDEX demands_state;
      DROP INDEX demands_province;
      DROP INDEX demands_province_state;
      DROP INDEX demands_city;
      DROP INDEX demands_county;
      DROP INDEX demands_town;
      DROP INDEX demands_village;

      ALTER TABLE demands ADD COLUMN first_sequence INTEGER;

      CREATE TABLE demand_pairs (
        pair TEXT NOT NULL,
        block INTEGER NOT NULL CHECK (block >= 0),
        members TEXT NOT NULL CHECK (length(members) > 0),
        PRIMARY KEY (pair, block)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO demand_pairs (pair, block, members)
        SELECT word, (demand - 1) / 256, group_concat(printf('%02x', (demand - 1) % 256), '') FROM demand_words
        GROUP BY 1, 2;
      DROP TABLE demand_words;
      """)
}
