extension FundMigrations {
  /// One table for the resources that are kept as one record each: a JSON body, and what they are found by.
  static let records = """
    CREATE TABLE fund_record (
      kind INTEGER NOT NULL,
      id TEXT NOT NULL,
      pool TEXT NOT NULL,
      owner TEXT NOT NULL,
      party TEXT NOT NULL,
      state INTEGER NOT NULL,
      attention_day INTEGER,
      body TEXT NOT NULL CHECK (body <> ''),
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fund_record_owner ON fund_record (kind, owner, id) WHERE owner <> '';
    CREATE INDEX fund_record_party ON fund_record (kind, party, id) WHERE party <> '';
    CREATE INDEX fund_record_state ON fund_record (kind, pool, state, id);
    CREATE INDEX fund_record_attention ON fund_record (kind, attention_day) WHERE attention_day IS NOT NULL;

    """

  /// Accounts have more classes, a bound and their latest value date. The tables that refer to them are rebuilt with
  /// them, since a reference may not be left without its table.
  static let account = """
    CREATE TABLE fund_account_2 (
      number INTEGER NOT NULL PRIMARY KEY,
      pool TEXT NOT NULL REFERENCES fund_pool (id),
      code TEXT NOT NULL,
      display_name TEXT NOT NULL,
      class INTEGER NOT NULL CHECK (class > 0),
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
      bound INTEGER CHECK (bound >= 0),
      last_day INTEGER,
      UNIQUE (pool, code),
      CHECK (limit_rule <> 2 OR debits_pending + debits_posted <= credits_posted),
      CHECK (limit_rule <> 3 OR credits_pending + credits_posted <= debits_posted)
    ) STRICT;
    INSERT INTO fund_account_2 SELECT number, pool, code, display_name, class, normal_side, currency, limit_rule,
      debits_pending, debits_posted, credits_pending, credits_posted, last_transfer, closed, create_time, NULL,
      (SELECT MAX(day) FROM fund_day WHERE account = number) FROM fund_account;

    CREATE TABLE fund_balance_2 (
      account INTEGER NOT NULL REFERENCES fund_account_2 (number),
      transfer INTEGER NOT NULL,
      debits_pending INTEGER NOT NULL,
      debits_posted INTEGER NOT NULL,
      credits_pending INTEGER NOT NULL,
      credits_posted INTEGER NOT NULL,
      transfers BLOB NOT NULL,
      PRIMARY KEY (account, transfer)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO fund_balance_2 SELECT account, transfer, debits_pending, debits_posted, credits_pending,
      credits_posted, transfers FROM fund_balance;

    """

  /// A day also knows the first and the last transfer posted with it, so that a statement reads no other ones; 0 where
  /// that was not kept.
  static let valueDays = """
    CREATE TABLE fund_day_2 (
      account INTEGER NOT NULL REFERENCES fund_account_2 (number),
      day INTEGER NOT NULL,
      debits INTEGER NOT NULL,
      credits INTEGER NOT NULL,
      first_transfer INTEGER NOT NULL,
      last_transfer INTEGER NOT NULL,
      PRIMARY KEY (account, day)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO fund_day_2 SELECT d.account, d.day, d.debits, d.credits, 0, a.last_transfer
      FROM fund_day AS d JOIN fund_account AS a ON a.number = d.account;

    DROP TABLE fund_balance;
    DROP TABLE fund_day;
    DROP TABLE fund_account;
    ALTER TABLE fund_account_2 RENAME TO fund_account;
    ALTER TABLE fund_balance_2 RENAME TO fund_balance;
    ALTER TABLE fund_day_2 RENAME TO fund_day;

    """

  static let additions = """
    ALTER TABLE fund_pool ADD COLUMN closed_through INTEGER;
    ALTER TABLE fund_pool ADD COLUMN accrued_through INTEGER;
    ALTER TABLE fund_facility ADD COLUMN requires_application INTEGER NOT NULL DEFAULT 0
      CHECK (requires_application IN (0, 1));
    ALTER TABLE fund_facility ADD COLUMN borrower_cap INTEGER CHECK (borrower_cap > 0);
    ALTER TABLE fund_guarantee ADD COLUMN borrower_size INTEGER CHECK (borrower_size BETWEEN 1 AND 4);
    ALTER TABLE fund_guarantee ADD COLUMN agricultural INTEGER NOT NULL DEFAULT 0 CHECK (agricultural IN (0, 1));
    CREATE INDEX fund_guarantee_in_force ON fund_guarantee (pool, facility, matures_day) WHERE state IN (2, 6);
    CREATE INDEX fund_guarantee_open_claim ON fund_guarantee (pool, id) WHERE state = 7;
    CREATE INDEX fund_guarantee_claimed ON fund_guarantee (pool, id) WHERE state = 6;
    CREATE INDEX fund_guarantee_committed ON fund_guarantee (facility, in_force_day) WHERE in_force_day IS NOT NULL;
    CREATE INDEX fund_guarantee_ended ON fund_guarantee (facility, ended_day) WHERE ended_day IS NOT NULL;
    ALTER TABLE fund_bridge_programme ADD COLUMN terms TEXT NOT NULL DEFAULT '{"suspendedBanks":[]}';

    """

  /// Bridge loans may wait for money, and know more of themselves.
  static let bridgeLoan = """
    CREATE TABLE fund_bridge_loan_2 (
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
      state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 8),
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
      revision INTEGER NOT NULL,
      details TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO fund_bridge_loan_2 SELECT id, programme, pool, currency, journey, borrower, borrower_kind,
      borrower_size, grade, bank, existing_loan, loan_account, amount, existing_loan_amount, own_funds, renewal_day,
      applied_day, state, maker_organisation, maker_subject, checker_organisation, checker_subject, commitment_amount,
      commitment_day, commitment_condition, commitment_organisation, commitment_subject, disbursed_day, due_day,
      repaid_day, fee, fee_lines, remark, citations, transfers, create_time, update_time, revision,
      '{"extensions":0,"ownFundsEvidence":[],"penalty":0,"purpose":"working_capital"}' FROM fund_bridge_loan;
    DROP TABLE fund_bridge_loan;
    ALTER TABLE fund_bridge_loan_2 RENAME TO fund_bridge_loan;
    CREATE INDEX fund_bridge_loan_programme ON fund_bridge_loan (programme, id);
    CREATE INDEX fund_bridge_loan_journey ON fund_bridge_loan (journey, id) WHERE journey <> '';
    CREATE INDEX fund_bridge_loan_open ON fund_bridge_loan (pool, id) WHERE state IN (3, 4, 6);
    CREATE INDEX fund_bridge_loan_queued ON fund_bridge_loan (pool, id) WHERE state = 8;
    CREATE INDEX fund_bridge_loan_overdue ON fund_bridge_loan (programme, amount) WHERE state = 6;
    CREATE INDEX fund_bridge_loan_disbursed ON fund_bridge_loan (programme, disbursed_day)
      WHERE disbursed_day IS NOT NULL;
    CREATE INDEX fund_bridge_loan_repaid ON fund_bridge_loan (programme, repaid_day) WHERE repaid_day IS NOT NULL;
    """

  /// Transfers of long batches stand in one row together. An account's rows in `fund_balance` stand for several of its
  /// transfers; the latest ones, for which there is no row yet, are listed with the account.
  static let chunks = """
    CREATE TABLE fund_chunk (
      first INTEGER NOT NULL PRIMARY KEY,
      last INTEGER NOT NULL CHECK (last >= first),
      recorded_at INTEGER NOT NULL,
      least_id BLOB NOT NULL CHECK (length(least_id) = 16),
      greatest_id BLOB NOT NULL CHECK (length(greatest_id) = 16 AND greatest_id >= least_id),
      hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) > 0),
      body BLOB NOT NULL,
      ids BLOB NOT NULL CHECK (length(ids) = 16 * (last - first + 1))
    ) STRICT;
    CREATE UNIQUE INDEX fund_chunk_id ON fund_chunk (greatest_id);
    ALTER TABLE fund_account ADD COLUMN tail BLOB NOT NULL DEFAULT x'';
    """

  /// The re-guarantee fee has a day count of its own; facilities of before charged it by the guarantee fee's.
  static let reguarantee = """
    ALTER TABLE fund_facility ADD COLUMN reguarantee_day_count INTEGER CHECK (reguarantee_day_count IN (1, 2));
    UPDATE fund_facility SET reguarantee_day_count = day_count WHERE reguarantee_fee_ppm > 0;
    """

  /// Guarantees say what their loans are for, and those that are only reserved are found by their maturity.
  static let purpose = """
    ALTER TABLE fund_guarantee ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
    CREATE INDEX fund_guarantee_reserved_maturity ON fund_guarantee (pool, facility, matures_day) WHERE state = 1;
    """
}
