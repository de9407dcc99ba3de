import FundDomain
import Kernel
import Storage

/// Rows of bridge programmes and loans as values.
enum BridgeRows {
  static let programmeColumns = """
    id, pool, currency, display_name, product, explicit_daily_fee_ppm, explicit_maximum_days, suspended, create_time, \
    update_time, revision, terms
    """

  static func programme(_ row: Row) throws -> BridgeProgramme {
    var programme = BridgeProgramme(
      id: try row.text(0), pool: try row.text(1), currency: try row.currency(2), displayName: try row.text(3),
      product: try row.text(4), explicitDailyFee: try row.optionalRate(5),
      explicitMaximumDays: try row.optionalInt(6), createTime: try row.instant(8), isSuspended: try row.flag(7),
      updateTime: try row.instant(9), revision: try row.int64(10))
    programme.terms = try JSONColumn.decodeValue(try row.text(11))
    return programme
  }

  static let upsertProgramme = """
    INSERT INTO fund_bridge_programme (\(programmeColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET suspended = excluded.suspended, terms = excluded.terms, update_time = excluded.update_time,
      revision = excluded.revision
    """

  static func values(_ programme: BridgeProgramme) throws -> [SQLValue] {
    [
      .text(programme.id), .text(programme.pool), .text(programme.currency.code), .text(programme.displayName),
      .text(programme.product), .ppm(programme.explicitDailyFee),
      .integer(programme.explicitMaximumDays.map(Int64.init)), .flag(programme.isSuspended),
      .time(programme.createTime), .time(programme.updateTime), .integer(programme.revision),
      .text(try JSONColumn.encodeValue(programme.terms)),
    ]
  }

  static let loanColumns = """
    id, programme, pool, currency, journey, borrower, borrower_kind, grade, bank, existing_loan, loan_account, amount, \
    existing_loan_amount, own_funds, renewal_day, applied_day, maker_organisation, maker_subject, create_time, \
    citations, state, checker_organisation, checker_subject, commitment_amount, commitment_day, commitment_condition, \
    commitment_organisation, commitment_subject, disbursed_day, due_day, repaid_day, fee, fee_lines, remark, \
    transfers, update_time, revision, borrower_size, details
    """

  static func loan(_ row: Row) throws -> BridgeLoan {
    var loan = BridgeLoan(
      id: try row.text(0), programme: try row.text(1), pool: try row.text(2), currency: try row.currency(3),
      journey: try row.text(4), borrower: try row.text(5), borrowerKind: try row.code(6),
      borrowerSize: row.isNull(37) ? nil : try row.code(37),
      grade: row.isNull(7) ? nil : try row.code(7), bank: try row.text(8), existingLoan: try row.text(9),
      loanAccount: try row.text(10), amount: try row.int64(11), existingLoanAmount: try row.int64(12),
      ownFunds: try row.int64(13), renewalDate: try row.day(14), appliedOn: try row.day(15),
      maker: Officer(organisation: try row.text(16), subject: try row.text(17)), createTime: try row.instant(18),
      citations: try JSONColumn.decode(try row.text(19)))
    loan.state = try row.code(20)
    loan.checker = try officer(row, 21)
    if let signedBy = try officer(row, 26) {
      loan.commitment = RenewalCommitment(
        amount: try row.int64(23), expiresOn: try row.day(24), condition: try row.text(25), signedBy: signedBy)
    }
    loan.disbursedOn = try row.optionalDay(28)
    loan.dueOn = try row.optionalDay(29)
    loan.repaidOn = try row.optionalDay(30)
    loan.fee = try row.int64(31)
    loan.feeLines = try JSONColumn.decode(try row.text(32))
    loan.remark = try row.text(33)
    loan.transfers = try Packed.ascending(try row.blob(34))
    loan.updateTime = try row.instant(35)
    loan.revision = try row.int64(36)
    loan.details = try JSONColumn.decodeValue(try row.text(38))
    return loan
  }

  private static func officer(_ row: Row, _ index: Int) throws -> Officer? {
    guard let organisation = try row.optionalText(index), let subject = try row.optionalText(index + 1) else {
      return nil
    }
    return Officer(organisation: organisation, subject: subject)
  }

  static let upsertLoan = """
    INSERT INTO fund_bridge_loan (\(loanColumns))
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      ?)
    ON CONFLICT (id) DO UPDATE SET citations = excluded.citations, state = excluded.state,
      checker_organisation = excluded.checker_organisation, checker_subject = excluded.checker_subject,
      commitment_amount = excluded.commitment_amount, commitment_day = excluded.commitment_day,
      commitment_condition = excluded.commitment_condition,
      commitment_organisation = excluded.commitment_organisation, commitment_subject = excluded.commitment_subject,
      disbursed_day = excluded.disbursed_day, due_day = excluded.due_day, repaid_day = excluded.repaid_day,
      fee = excluded.fee, fee_lines = excluded.fee_lines, remark = excluded.remark, transfers = excluded.transfers,
      update_time = excluded.update_time, revision = excluded.revision, details = excluded.details
    """

  static func values(_ loan: BridgeLoan) throws -> [SQLValue] {
    [
      .text(loan.id), .text(loan.programme), .text(loan.pool), .text(loan.currency.code), .text(loan.journey),
      .text(loan.borrower), .code(loan.borrowerKind), .code(loan.grade), .text(loan.bank), .text(loan.existingLoan),
      .text(loan.loanAccount), .integer(loan.amount), .integer(loan.existingLoanAmount), .integer(loan.ownFunds),
      .day(loan.renewalDate), .day(loan.appliedOn), .text(loan.maker.organisation), .text(loan.maker.subject),
      .time(loan.createTime), .text(try JSONColumn.encode(loan.citations)), .code(loan.state),
      .text(loan.checker?.organisation), .text(loan.checker?.subject), .integer(loan.commitment?.amount),
      .day(loan.commitment?.expiresOn), .text(loan.commitment?.condition),
      .text(loan.commitment?.signedBy.organisation), .text(loan.commitment?.signedBy.subject), .day(loan.disbursedOn),
      .day(loan.dueOn), .day(loan.repaidOn), .integer(loan.fee), .text(try JSONColumn.encode(loan.feeLines)),
      .text(loan.remark), .blob(Packed.ascending(loan.transfers)), .time(loan.updateTime), .integer(loan.revision),
      .code(loan.borrowerSize), .text(try JSONColumn.encodeValue(loan.details)),
    ]
  }

  /// What a day end needs of many loans.
  static let exposureColumns =
    "id, programme, state, borrower_kind, borrower_size, grade, amount, disbursed_day, due_day, commitment_day"

  static func exposure(_ row: Row) throws -> BridgeExposure {
    BridgeExposure(
      id: try row.text(0), programme: try row.text(1), state: try row.code(2), kind: try row.code(3),
      size: row.isNull(4) ? nil : try row.code(4), grade: row.isNull(5) ? nil : try row.code(5),
      amount: try row.int64(6), disbursedOn: try row.optionalDay(7), dueOn: try row.optionalDay(8),
      commitmentEndsOn: try row.optionalDay(9))
  }
}
