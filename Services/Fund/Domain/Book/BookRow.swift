package import Kernel

/// How a historical loan ended, as its book reports it.
package enum BookOutcome: Int64, Sendable, Hashable, CaseIterable, Codable {
  case missing = 0
  case paidInFull = 1
  case chargedOff = 2
}

/// What was done with a row.
package enum BookDisposition: Int64, Sendable, Hashable, CaseIterable, Codable {
  case posted = 1
  case postedInPart = 2
  case parked = 3
  case refused = 4
  case exists = 5
}

/// What is wrong with a row.
package enum BookFinding: Int64, Sendable, Hashable, CaseIterable, Codable {
  case outcomeMissing = 1
  case lenderMissing = 2
  case disbursementDateMissing = 3
  case nothingDisbursed = 4
  case datesOutOfOrder = 5
  case chargeOffAmountMissing = 6
  case chargeOffDateMissing = 7
  case chargeOffContradictsOutcome = 8
  case chargeOffAboveGuarantee = 9
  case chargeOffAboveApproval = 10
  case chargeOffAboveDisbursement = 11
  case valueInvalid = 12
  case guaranteeAboveApproval = 13
  case loanNumberTaken = 14
  case postingRefused = 15
}

/// A set of findings as one integer: bit n stands for the finding of raw value n.
package struct BookFindings: OptionSet, Sendable, Hashable {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }
  package init(_ finding: BookFinding) { rawValue = 1 << finding.rawValue }

  package func contains(_ finding: BookFinding) -> Bool { rawValue & 1 << finding.rawValue != 0 }
  package mutating func insert(_ finding: BookFinding) { self = union(BookFindings(finding)) }
  package var list: [BookFinding] { BookFinding.allCases.filter { contains($0) } }
}

/// One loan of a historical book, minor units of the pool's currency.
package struct BookRow: Sendable, Hashable {
  package var loanNumber: String
  package var lender: String
  package var approvedOn: BusinessDate?
  package var grossApproval: Int64
  package var guaranteed: Int64
  package var disbursedOn: BusinessDate?
  package var disbursed: Int64
  package var termMonths: Int
  package var outcome: BookOutcome
  package var chargedOffOn: BusinessDate?
  package var chargedOff: Int64
  /// Set when a value could not be read at all, e.g. 30 February.
  package var hasUnreadableValue: Bool

  package init(
    loanNumber: String, lender: String, approvedOn: BusinessDate?, grossApproval: Int64, guaranteed: Int64,
    disbursedOn: BusinessDate?, disbursed: Int64, termMonths: Int, outcome: BookOutcome, chargedOffOn: BusinessDate?,
    chargedOff: Int64, hasUnreadableValue: Bool = false
  ) {
    self.loanNumber = loanNumber
    self.lender = lender
    self.approvedOn = approvedOn
    self.grossApproval = grossApproval
    self.guaranteed = guaranteed
    self.disbursedOn = disbursedOn
    self.disbursed = disbursed
    self.termMonths = termMonths
    self.outcome = outcome
    self.chargedOffOn = chargedOffOn
    self.chargedOff = chargedOff
    self.hasUnreadableValue = hasUnreadableValue
  }

  /// The row as one line of text, for keeping refused rows whole.
  package var line: String {
    let fields = [
      loanNumber, lender, approvedOn?.description ?? "", "\(grossApproval)", "\(guaranteed)",
      disbursedOn?.description ?? "", "\(disbursed)", "\(termMonths)", "\(outcome)", chargedOffOn?.description ?? "",
      "\(chargedOff)",
    ]
    return fields.map { $0.replacing("\t", with: " ") }.joined(separator: "\t")
  }
}

/// A registered row.
package struct BookRecord: Sendable, Hashable {
  package let facility: String
  package let row: BookRow
  package let disposition: BookDisposition
  package let findings: BookFindings
  package let paid: Int64
  /// Id of the guarantee that its postings belong to; empty when nothing was posted.
  package let guarantee: String

  package init(
    facility: String, row: BookRow, disposition: BookDisposition, findings: BookFindings, paid: Int64, guarantee: String
  ) {
    self.facility = facility
    self.row = row
    self.disposition = disposition
    self.findings = findings
    self.paid = paid
    self.guarantee = guarantee
  }
}

/// The outcome of one row of a batch.
package struct BookRowResult: Sendable, Hashable {
  package let loanNumber: String
  package let disposition: BookDisposition
  package let findings: BookFindings
  package let guarantee: String
  package let paid: Int64

  package init(
    loanNumber: String, disposition: BookDisposition, findings: BookFindings, guarantee: String, paid: Int64
  ) {
    self.loanNumber = loanNumber
    self.disposition = disposition
    self.findings = findings
    self.guarantee = guarantee
    self.paid = paid
  }
}

/// Control totals over registered rows, minor units.
package struct BookTotals: Sendable, Hashable {
  package var rows: Int64 = 0
  package var posted: Int64 = 0
  package var postedInPart: Int64 = 0
  package var parked: Int64 = 0
  package var paidInFull: Int64 = 0
  package var chargedOffRows: Int64 = 0
  package var outcomeMissing: Int64 = 0
  package var grossApproval: Int64 = 0
  package var guaranteed: Int64 = 0
  package var disbursed: Int64 = 0
  package var chargedOff: Int64 = 0
  package var paid: Int64 = 0

  package init() {}

  /// Every total with its setter, in the order of the store's columns.
  package static let fields: [any WritableKeyPath<BookTotals, Int64> & Sendable] = [
    \.rows, \.posted, \.postedInPart, \.parked, \.paidInFull, \.chargedOffRows, \.outcomeMissing, \.grossApproval,
    \.guaranteed, \.disbursed, \.chargedOff, \.paid,
  ]

  /// - Throws: `AMOUNT_OVERFLOW`.
  package mutating func add(_ other: BookTotals) throws(DomainError) {
    for field in Self.fields {
      let (sum, overflow) = self[keyPath: field].addingReportingOverflow(other[keyPath: field])
      if overflow { throw .amountOverflow("control totals") }
      self[keyPath: field] = sum
    }
  }

  package init(_ record: BookRecord) {
    rows = 1
    switch record.disposition {
    case .posted: posted = 1
    case .postedInPart: postedInPart = 1
    case .parked: parked = 1
    case .refused, .exists: break
    }
    switch record.row.outcome {
    case .paidInFull: paidInFull = 1
    case .chargedOff: chargedOffRows = 1
    case .missing: outcomeMissing = 1
    }
    grossApproval = record.row.grossApproval
    guaranteed = record.row.guaranteed
    disbursed = record.row.disbursed
    chargedOff = record.row.chargedOff
    paid = record.paid
  }
}

/// Control totals of a facility's book.
package struct BookSummary: Sendable, Hashable {
  package struct FindingCount: Sendable, Hashable {
    package let finding: BookFinding
    package let rows: Int64

    package init(finding: BookFinding, rows: Int64) {
      self.finding = finding
      self.rows = rows
    }
  }

  package let facility: String
  package let currency: Currency
  package let totals: BookTotals
  package let refused: Int64
  /// Different lenders as the book writes them, the missing name counting as one.
  package let lenders: Int64
  /// Refused rows included.
  package let findings: [FindingCount]

  package init(
    facility: String, currency: Currency, totals: BookTotals, refused: Int64, lenders: Int64, findings: [FindingCount]
  ) {
    self.facility = facility
    self.currency = currency
    self.totals = totals
    self.refused = refused
    self.lenders = lenders
    self.findings = findings
  }
}

/// Control totals of one lender in a book.
package struct LenderTotals: Sendable, Hashable {
  /// As the book writes it; empty for rows without one.
  package let lender: String
  package let totals: BookTotals

  package init(lender: String, totals: BookTotals) {
    self.lender = lender
    self.totals = totals
  }
}
