import FundDomain
import Kernel
import Storage

/// Rows of guarantee books as values.
enum BookRows {
  static let recordColumns = """
    facility, loan_number, lender, approved_day, gross_approval, guaranteed, disbursed_day, disbursed, term_months, \
    outcome, charged_off_day, charged_off, disposition, findings, paid, guarantee
    """

  static func record(_ row: Row) throws -> BookRecord {
    BookRecord(
      facility: try row.text(0),
      row: BookRow(
        loanNumber: try row.text(1), lender: try row.text(2), approvedOn: try row.day(3),
        grossApproval: try row.int64(4), guaranteed: try row.int64(5), disbursedOn: try row.optionalDay(6),
        disbursed: try row.int64(7), termMonths: try row.int(8), outcome: try row.code(9),
        chargedOffOn: try row.optionalDay(10), chargedOff: try row.int64(11)),
      disposition: try row.code(12), findings: BookFindings(rawValue: try row.int64(13)), paid: try row.int64(14),
      guarantee: try row.text(15))
  }

  static let insertRecord = """
    INSERT INTO fund_book_row (\(recordColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static func values(_ record: BookRecord) -> [SQLValue] {
    let row = record.row
    return [
      .text(record.facility), .text(row.loanNumber), .text(row.lender), .day(row.approvedOn),
      .integer(row.grossApproval), .integer(row.guaranteed), .day(row.disbursedOn), .integer(row.disbursed),
      .integer(Int64(row.termMonths)), .code(row.outcome), .day(row.chargedOffOn), .integer(row.chargedOff),
      .code(record.disposition), .integer(record.findings.rawValue), .integer(record.paid), .text(record.guarantee),
    ]
  }

  /// In the order of `BookTotals.fields`.
  static let totalColumns = """
    row_count, posted, posted_in_part, parked, paid_in_full, charged_off_rows, outcome_missing, gross_approval, \
    guaranteed, disbursed, charged_off, paid
    """

  static func totals(_ row: Row, from index: Int) throws -> BookTotals {
    var totals = BookTotals()
    for (offset, field) in BookTotals.fields.enumerated() { totals[keyPath: field] = try row.int64(index + offset) }
    return totals
  }

  static let upsertTotals = """
    INSERT INTO fund_lender_total (facility, lender, \(totalColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (facility, lender) DO UPDATE SET row_count = excluded.row_count, posted = excluded.posted,
      posted_in_part = excluded.posted_in_part, parked = excluded.parked, paid_in_full = excluded.paid_in_full,
      charged_off_rows = excluded.charged_off_rows, outcome_missing = excluded.outcome_missing,
      gross_approval = excluded.gross_approval, guaranteed = excluded.guaranteed, disbursed = excluded.disbursed,
      charged_off = excluded.charged_off, paid = excluded.paid
    """

  static func values(_ key: LenderKey, _ totals: BookTotals) -> [SQLValue] {
    [.text(key.facility), .text(key.lender)] + BookTotals.fields.map { .integer(totals[keyPath: $0]) }
  }
}
