package import Kernel

/// What a row's own values allow: how far it is replayed, and why no further. Pure; the ledger is not asked.
package struct BookAssessment: Sendable, Hashable {
  /// How far the row is replayed.
  package enum Plan: Sendable, Hashable {
    /// Not registered; kept aside.
    case refuse
    /// Counted, nothing posted.
    case register
    /// Reserved and committed; the end stays open.
    case keepInForce
    /// Reserved, committed, released on that day.
    case release(on: BusinessDate)
    /// Reserved, committed, claimed, paid and written off on that day.
    case chargeOff(on: BusinessDate)
  }

  package let plan: Plan
  package let findings: BookFindings

  package var disposition: BookDisposition {
    switch plan {
    case .refuse: .refused
    case .register, .keepInForce: .parked
    case .release: .posted
    case .chargeOff: findings == [] ? .posted : .postedInPart
    }
  }

  /// Longest term that a row may carry, in months; longer is a typing error.
  package static let maximumTermMonths = 1200
  package static let maximumLoanNumberLength = 32
  package static let maximumLenderLength = 96

  package init(_ row: BookRow) {
    var findings: BookFindings = []
    guard let approvedOn = row.approvedOn, Self.isReadable(row) else {
      plan = .refuse
      self.findings = BookFindings(.valueInvalid)
      return
    }
    if row.guaranteed > row.grossApproval {
      plan = .refuse
      self.findings = BookFindings(.guaranteeAboveApproval)
      return
    }
    // What keeps the row from being posted at all.
    if row.lender.isEmpty { findings.insert(.lenderMissing) }
    if row.disbursedOn == nil { findings.insert(.disbursementDateMissing) }
    if row.disbursed == 0 { findings.insert(.nothingDisbursed) }
    if let disbursedOn = row.disbursedOn, disbursedOn < approvedOn { findings.insert(.datesOutOfOrder) }
    let isPostable = findings == []
    // What keeps its end open.
    Self.assessEnd(row, &findings)
    let isEndKnown = findings == []
    // What only limits the fund's part.
    if row.chargedOff > row.guaranteed { findings.insert(.chargeOffAboveGuarantee) }
    if row.chargedOff > row.grossApproval { findings.insert(.chargeOffAboveApproval) }
    if row.chargedOff > row.disbursed { findings.insert(.chargeOffAboveDisbursement) }
    self.findings = findings
    plan = Self.plan(row, isPostable: isPostable, isEndKnown: isEndKnown)
  }

  private static func isReadable(_ row: BookRow) -> Bool {
    !row.hasUnreadableValue && row.grossApproval > 0 && row.guaranteed > 0 && row.disbursed >= 0 && row.chargedOff >= 0
      && (1...maximumLoanNumberLength).contains(row.loanNumber.utf8.count) && ResourceName.isID(row.loanNumber)
      && row.lender.utf8.count <= maximumLenderLength && (0...maximumTermMonths).contains(row.termMonths)
  }

  private static func assessEnd(_ row: BookRow, _ findings: inout BookFindings) {
    switch row.outcome {
    case .missing: findings.insert(.outcomeMissing)
    case .paidInFull:
      if row.chargedOff > 0 { findings.insert(.chargeOffContradictsOutcome) }
    case .chargedOff:
      if row.chargedOff == 0 { findings.insert(.chargeOffAmountMissing) }
      if row.chargedOffOn == nil { findings.insert(.chargeOffDateMissing) }
      if let end = row.chargedOffOn, let start = row.disbursedOn, end < start { findings.insert(.datesOutOfOrder) }
    }
  }

  private static func plan(_ row: BookRow, isPostable: Bool, isEndKnown: Bool) -> Plan {
    guard isPostable, let disbursedOn = row.disbursedOn else { return .register }
    guard isEndKnown else { return .keepInForce }
    switch row.outcome {
    case .missing: return .keepInForce
    case .chargedOff: return row.chargedOffOn.map { .chargeOff(on: $0) } ?? .keepInForce
    case .paidInFull:
      // The book does not record the day; the end of the term is the latest it can have been.
      guard let end = try? disbursedOn.adding(months: row.termMonths) else { return .keepInForce }
      return .release(on: end)
    }
  }
}
