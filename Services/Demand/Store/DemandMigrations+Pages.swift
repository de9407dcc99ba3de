import Storage

extension DemandMigrations {
  /// An index for each filter of a list of demands, so that a page costs what it shows and not what it passes over. Those
  /// of the push mode hold no row of a demand that was never pushed. `demands_recent` carries what a submission compares
  /// with the firm's earlier demands; `demand_targets` repeats the demand's state for the lists of one institution;
  /// `enterprises.details` counts a firm's tags and consents, so that a firm without any costs no look for them.
  static let pages = Migration(
    name: "0007-pages",
    sql: """
      DROP INDEX demands_enterprise;
      CREATE INDEX demands_recent ON demands (enterprise, number, id, state, instrument, currency, amount_minor,
        tenor_months, created_micros);
      CREATE INDEX demands_mode ON demands (push_mode, number) WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_mode_state ON demands (push_mode, state, number) WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_province_mode ON demands (region_province, push_mode, number) WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_province_mode_state ON demands (region_province, push_mode, state, number)
        WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_city_mode ON demands (region_city, push_mode, number) WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_city_mode_state ON demands (region_city, push_mode, state, number)
        WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_county_mode ON demands (region_county, push_mode, number) WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_county_mode_state ON demands (region_county, push_mode, state, number)
        WHERE push_mode IS NOT NULL;
      CREATE INDEX demands_village_state ON demands (region_village, state, number) WHERE region_village IS NOT NULL;

      CREATE INDEX demands_first_loans ON demands (contract_day, region_code, enterprise, signed_minor)
        WHERE contract_minor IS NOT NULL AND profile_first_loan = 1;

      ALTER TABLE enterprises ADD COLUMN details INTEGER;

      ALTER TABLE demand_targets ADD COLUMN demand_state TEXT NOT NULL DEFAULT '';
      UPDATE demand_targets SET demand_state = (SELECT state FROM demands WHERE number = demand_targets.demand);
      CREATE INDEX demand_targets_state ON demand_targets (organisation, demand_state, demand);
      """)
}
