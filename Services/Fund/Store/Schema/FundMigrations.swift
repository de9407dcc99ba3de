package import Storage

/// The fund's schema, oldest step first. Frozen once released.
package enum FundMigrations {
  package static let all = [
    Migration(name: "0001-fund", sql: ledger + guarantees + bridge + book),
    Migration(name: "0002-fund-records", sql: records + account + valueDays + additions + bridgeLoan),
    Migration(name: "0003-fund-chunks", sql: chunks),
    Migration(name: "0004-fund-reguarantee", sql: reguarantee),
    Migration(name: "0005-fund-purpose", sql: purpose),
  ]

  /// Balances live in the account row; `fund_balance` keeps one row an account and command, from which any moment in
  /// the past is read, and `fund_day` one row an account and business date.
  private static let ledger = """
    CREATE TABLE fund_pool (
      id TEXT NOT NULL PRIMARY KEY,
      display_name TEXT NOT NULL,
      currency TEXT NOT NULL CHECK (length(currency) = 3),
      region_code TEXT NOT NULL,
      seed_capital INTEGER NOT NULL CHECK (seed_capital > 0),
      last_day_end INTEGER,
      create_time INTEGER NOT NULL,
      update_time INTEGER NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0)
    ) STRICT;

    CREATE TABLE fund_account (
      number INTEGER NOT NULL PRIMARY KEY,
      pool TEXT NOT NULL REFERENCES fund_pool (id),
      code TEXT NOT NULL,
      display_name TEXT NOT NULL,
      class INTEGER NOT NULL CHECK (class BETWEEN 1 AND 12),
      normal_side INTEGER NOT NULL CHECK (normal_side IN (1, 2)),
      currency TEXT NOT NULL CHECK (length(currency) = 3),
      limit_rule INTEGER NOT NULL CHECK (limit_rule BETWEEN 1 AND 3),
      debits_pending INTEGER NOT NULL CHECK (debits_pending >= 0),
      debits_posted INTEGER NOT NULL CHECK (debits_posted >= 0),
      credits_pending INTEGER NOT NULL CHECK (credits_pending >= 0),
      credits_posted INTEGER NOT NULL CHECK (credits_posted >= 0),
      last_transfer INTEGER NOT NULL CHECK (last_transfer >= 0),
      closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
      create_time INTEGER NOT NULL,
      UNIQUE (pool, code),
      CHECK (limit_rule <> 2 OR debits_pending + debits_posted <= credits_posted),
      CHECK (limit_rule <> 3 OR credits_pending + credits_posted <= debits_posted)
    ) STRICT;

    CREATE TABLE fund_transfer (
      number INTEGER NOT NULL PRIMARY KEY,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      id BLOB CHECK (length(id) = 16),
      phase INTEGER NOT NULL CHECK (phase BETWEEN 1 AND 5),
      template INTEGER NOT NULL,
      legs BLOB NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0),
      business_day INTEGER NOT NULL,
      expires_day INTEGER CHECK ((expires_day IS NULL) = (phase <> 2)),
      pending_number INTEGER CHECK ((pending_number IS NULL) = (phase < 3)),
      reference TEXT NOT NULL,
      recorded_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX fund_transfer_id ON fund_transfer (id) WHERE id IS NOT NULL;

    CREATE TABLE fund_pending (
      number INTEGER NOT NULL PRIMARY KEY REFERENCES fund_transfer (number),
      pool TEXT NOT NULL,
      state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
      expires_day INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX fund_pending_open ON fund_pending (pool, expires_day) WHERE state = 1;

    CREATE TABLE fund_refusal (
      id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fund_balance (
      account INTEGER NOT NULL REFERENCES fund_account (number),
      transfer INTEGER NOT NULL,
      debits_pending INTEGER NOT NULL,
      debits_posted INTEGER NOT NULL,
      credits_pending INTEGER NOT NULL,
      credits_posted INTEGER NOT NULL,
      transfers BLOB NOT NULL,
      PRIMARY KEY (account, transfer)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fund_day (
      account INTEGER NOT NULL REFERENCES fund_account (number),
      day INTEGER NOT NULL,
      debits INTEGER NOT NULL,
      credits INTEGER NOT NULL,
      PRIMARY KEY (account, day)
    ) STRICT, WITHOUT ROWID;

    """

  private static let guarantees = """
    CREATE TABLE fund_facility (
      id TEXT NOT NULL PRIMARY KEY,
      pool TEXT NOT NULL REFERENCES fund_pool (id),
      currency TEXT NOT NULL,
      display_name TEXT NOT NULL,
      bank TEXT NOT NULL,
      product TEXT NOT NULL,
      relending_scope INTEGER NOT NULL CHECK (relending_scope IN (0, 1)),
      bank_ppm INTEGER NOT NULL,
      guarantor_ppm INTEGER NOT NULL,
      reguarantor_ppm INTEGER NOT NULL,
      national_ppm INTEGER NOT NULL,
      city_ppm INTEGER NOT NULL,
      fee_ppm INTEGER NOT NULL,
      reguarantee_fee_ppm INTEGER NOT NULL,
      explicit_fee_cap_ppm INTEGER,
      claim_rate_cap_ppm INTEGER NOT NULL,
      explicit_claim_rate_cap_ppm INTEGER,
      claim_rate_basis INTEGER NOT NULL CHECK (claim_rate_basis BETWEEN 1 AND 3),
      released_share_ppm INTEGER NOT NULL,
      limit_minor INTEGER NOT NULL CHECK (limit_minor > 0),
      affiliate_window_days INTEGER NOT NULL,
      day_count INTEGER CHECK (day_count IN (1, 2)),
      citations TEXT NOT NULL,
      breaker INTEGER NOT NULL CHECK (breaker IN (1, 2)),
      create_time INTEGER NOT NULL,
      update_time INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      CHECK (bank_ppm + guarantor_ppm + reguarantor_ppm + national_ppm + city_ppm = 1000000)
    ) STRICT;
    CREATE INDEX fund_facility_pool ON fund_facility (pool, id);

    CREATE TABLE fund_facility_year (
      facility TEXT NOT NULL REFERENCES fund_facility (id),
      year INTEGER NOT NULL,
      claims_pending INTEGER NOT NULL CHECK (claims_pending >= 0),
      claims_paid INTEGER NOT NULL CHECK (claims_paid >= 0),
      released INTEGER NOT NULL,
      released_annualised INTEGER NOT NULL,
      committed INTEGER NOT NULL,
      PRIMARY KEY (facility, year)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fund_guarantee (
      id TEXT NOT NULL PRIMARY KEY,
      facility TEXT NOT NULL REFERENCES fund_facility (id),
      pool TEXT NOT NULL,
      currency TEXT NOT NULL,
      journey TEXT NOT NULL,
      borrower TEXT NOT NULL,
      lender TEXT NOT NULL,
      state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 8),
      principal INTEGER NOT NULL CHECK (principal > 0),
      guaranteed INTEGER NOT NULL CHECK (guaranteed > 0 AND guaranteed <= principal),
      fee INTEGER NOT NULL,
      reguarantee_fee INTEGER NOT NULL,
      fee_ppm INTEGER NOT NULL,
      household_total INTEGER NOT NULL,
      reserved_day INTEGER NOT NULL,
      expires_day INTEGER NOT NULL,
      in_force_day INTEGER,
      matures_day INTEGER NOT NULL,
      ended_day INTEGER,
      remark TEXT NOT NULL,
      citations TEXT NOT NULL,
      transfers BLOB NOT NULL,
      create_time INTEGER NOT NULL,
      update_time INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fund_guarantee_facility ON fund_guarantee (facility, id);
    CREATE INDEX fund_guarantee_borrower ON fund_guarantee (borrower, id) WHERE borrower <> '';
    CREATE INDEX fund_guarantee_journey ON fund_guarantee (journey, id) WHERE journey <> '';
    CREATE INDEX fund_guarantee_reserved ON fund_guarantee (pool, expires_day, id) WHERE state = 1;

    CREATE TABLE fund_claim (
      guarantee TEXT NOT NULL PRIMARY KEY REFERENCES fund_guarantee (id),
      principal INTEGER NOT NULL,
      interest INTEGER NOT NULL,
      borne_bank INTEGER NOT NULL,
      borne_guarantor INTEGER NOT NULL,
      borne_reguarantor INTEGER NOT NULL,
      borne_national INTEGER NOT NULL,
      borne_city INTEGER NOT NULL,
      maker_organisation TEXT NOT NULL,
      maker_subject TEXT NOT NULL,
      checker_organisation TEXT,
      checker_subject TEXT,
      submitted_day INTEGER NOT NULL,
      paid_day INTEGER,
      evidence TEXT NOT NULL,
      recovered INTEGER NOT NULL,
      returned_bank INTEGER NOT NULL,
      returned_guarantor INTEGER NOT NULL,
      returned_reguarantor INTEGER NOT NULL,
      returned_national INTEGER NOT NULL,
      returned_city INTEGER NOT NULL,
      CHECK (borne_bank + borne_guarantor + borne_reguarantor + borne_national + borne_city = principal + interest),
      CHECK (recovered BETWEEN 0 AND principal + interest)
    ) STRICT, WITHOUT ROWID;

    """

  private static let bridge = """
    CREATE TABLE fund_bridge_programme (
      id TEXT NOT NULL PRIMARY KEY,
      pool TEXT NOT NULL REFERENCES fund_pool (id),
      currency TEXT NOT NULL,
      display_name TEXT NOT NULL,
      product TEXT NOT NULL,
      explicit_daily_fee_ppm INTEGER,
      explicit_maximum_days INTEGER,
      suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
      create_time INTEGER NOT NULL,
      update_time INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE fund_bridge_loan (
      id TEXT NOT NULL PRIMARY KEY,
      programme TEXT NOT NULL REFERENCES fund_bridge_programme (id),
      pool TEXT NOT NULL,
      currency TEXT NOT NULL,
      journey TEXT NOT NULL,
      borrower TEXT NOT NULL,
      borrower_kind INTEGER NOT NULL CHECK (borrower_kind BETWEEN 1 AND 3),
      borrower_size INTEGER CHECK (borrower_size BETWEEN 1 AND 4),
      grade INTEGER CHECK (grade BETWEEN 1 AND 5),
      bank TEXT NOT NULL,
      existing_loan TEXT NOT NULL,
      loan_account TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0),
      existing_loan_amount INTEGER NOT NULL,
      own_funds INTEGER NOT NULL,
      renewal_day INTEGER NOT NULL,
      applied_day INTEGER NOT NULL,
      state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 7),
      maker_organisation TEXT NOT NULL,
      maker_subject TEXT NOT NULL,
      checker_organisation TEXT,
      checker_subject TEXT,
      commitment_amount INTEGER,
      commitment_day INTEGER,
      commitment_condition TEXT,
      commitment_organisation TEXT,
      commitment_subject TEXT,
      disbursed_day INTEGER,
      due_day INTEGER,
      repaid_day INTEGER,
      fee INTEGER NOT NULL,
      fee_lines TEXT NOT NULL,
      remark TEXT NOT NULL,
      citations TEXT NOT NULL,
      transfers BLOB NOT NULL,
      create_time INTEGER NOT NULL,
      update_time INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fund_bridge_loan_programme ON fund_bridge_loan (programme, id);
    CREATE INDEX fund_bridge_loan_journey ON fund_bridge_loan (journey, id) WHERE journey <> '';
    CREATE INDEX fund_bridge_loan_open ON fund_bridge_loan (pool, id) WHERE state IN (3, 4);
    CREATE INDEX fund_bridge_loan_overdue ON fund_bridge_loan (programme, amount) WHERE state = 6;

    """

  private static let book = """
    CREATE TABLE fund_book_row (
      facility TEXT NOT NULL REFERENCES fund_facility (id),
      loan_number TEXT NOT NULL,
      lender TEXT NOT NULL,
      approved_day INTEGER NOT NULL,
      gross_approval INTEGER NOT NULL,
      guaranteed INTEGER NOT NULL,
      disbursed_day INTEGER,
      disbursed INTEGER NOT NULL,
      term_months INTEGER NOT NULL,
      outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2),
      charged_off_day INTEGER,
      charged_off INTEGER NOT NULL,
      disposition INTEGER NOT NULL CHECK (disposition BETWEEN 1 AND 3),
      findings INTEGER NOT NULL,
      paid INTEGER NOT NULL,
      guarantee TEXT NOT NULL,
      PRIMARY KEY (facility, loan_number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fund_book_refusal (
      facility TEXT NOT NULL REFERENCES fund_facility (id),
      line TEXT NOT NULL,
      findings INTEGER NOT NULL,
      PRIMARY KEY (facility, line)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fund_lender_total (
      facility TEXT NOT NULL REFERENCES fund_facility (id),
      lender TEXT NOT NULL,
      row_count INTEGER NOT NULL,
      posted INTEGER NOT NULL,
      posted_in_part INTEGER NOT NULL,
      parked INTEGER NOT NULL,
      paid_in_full INTEGER NOT NULL,
      charged_off_rows INTEGER NOT NULL,
      outcome_missing INTEGER NOT NULL,
      gross_approval INTEGER NOT NULL,
      guaranteed INTEGER NOT NULL,
      disbursed INTEGER NOT NULL,
      charged_off INTEGER NOT NULL,
      paid INTEGER NOT NULL,
      PRIMARY KEY (facility, lender)
    ) STRICT, WITHOUT ROWID;
    """
}
