import Storage

extension DemandMigrations {
  /// What a firm's own history needs: where its events stand (the first one's sequence in its row, as for demands; those of
  /// older stores all in `enterprise_events`), firms of one name in one city, firms that were merged. A contract says
  /// whether it was the firm's first loan; those of older stores have what the profile said.
  static let keeping = Migration(
    name: "0011-keeping",
    sql: """
      ALTER TABLE enterprises ADD COLUMN first_sequence INTEGER;
      CREATE TABLE enterprise_events (
        enterprise INTEGER NOT NULL REFERENCES enterprises (number),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        PRIMARY KEY (enterprise, sequence)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO enterprise_events (enterprise, sequence)
        SELECT e.number, s.sequence FROM storage_event s JOIN enterprises e ON e.id = substr(s.subject, 13)
        WHERE s.type LIKE 'enterprise.%';
      CREATE INDEX enterprises_name ON enterprises (region_city, display_name) WHERE merged_into IS NULL;
      CREATE INDEX enterprises_merged ON enterprises (merged_into) WHERE merged_into IS NOT NULL;

      ALTER TABLE demands ADD COLUMN contract_first_loan INTEGER NOT NULL DEFAULT 0
        CHECK (contract_first_loan = 0 OR contract_first_loan = 1);
      UPDATE demands SET contract_first_loan = 1 WHERE contract_minor IS NOT NULL AND profile_first_loan = 1;
      DROP INDEX demands_first_loans;
      CREATE INDEX demands_first_loans ON demands (contract_day, region_code, enterprise, signed_minor)
        WHERE contract_minor IS NOT NULL AND contract_first_loan = 1;
      """)
}
