import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension BookRow {
  /// A row is never refused here: what cannot be read is a finding of its own.
  init(_ wire: Huirong_Fund_V1_BookRow) {
    var isUnreadable = false
    func date(_ isSet: Bool, _ value: Huirong_Common_V1_Date) -> BusinessDate? {
      guard isSet else { return nil }
      let date = try? BusinessDate(value, field: "rows")
      if date == nil { isUnreadable = true }
      return date
    }
    let (approvedOn, disbursedOn) = (
      date(wire.hasApprovedOn, wire.approvedOn), date(wire.hasDisbursedOn, wire.disbursedOn)
    )
    let chargedOffOn = date(wire.hasChargedOffOn, wire.chargedOffOn)
    let outcome = BookOutcome(rawValue: Int64(wire.outcome.rawValue))
    self.init(
      loanNumber: wire.loanNumber, lender: wire.lender, approvedOn: approvedOn,
      grossApproval: wire.grossApprovalMinor, guaranteed: wire.guaranteedMinor, disbursedOn: disbursedOn,
      disbursed: wire.disbursedMinor, termMonths: Int(wire.termMonths), outcome: outcome ?? .missing,
      chargedOffOn: chargedOffOn, chargedOff: wire.chargedOffMinor,
      hasUnreadableValue: isUnreadable || outcome == nil)
  }
}

extension Huirong_Fund_V1_BookRowResult {
  init(_ result: BookRowResult) {
    self.init()
    loanNumber = result.loanNumber
    disposition = .init(code: result.disposition)
    findings = result.findings.list.map { .init(code: $0) }
    guarantee = result.guarantee.isEmpty ? "" : "guarantees/\(result.guarantee)"
    paidMinor = result.paid
  }
}

extension Huirong_Fund_V1_BatchImportGuaranteeBookResponse: OutcomeMessage {
  init(_ results: [BookRowResult]) {
    self.init()
    self.results = results.map { .init($0) }
  }
}

extension Huirong_Fund_V1_BookTotals {
  init(_ totals: BookTotals) {
    self.init()
    rows = totals.rows
    posted = totals.posted
    postedInPart = totals.postedInPart
    parked = totals.parked
    paidInFull = totals.paidInFull
    chargedOff = totals.chargedOffRows
    outcomeMissing = totals.outcomeMissing
    grossApprovalMinor = totals.grossApproval
    guaranteedMinor = totals.guaranteed
    disbursedMinor = totals.disbursed
    chargedOffMinor = totals.chargedOff
    paidMinor = totals.paid
  }
}

extension Huirong_Fund_V1_BookSummary {
  init(_ summary: BookSummary, pool: String) {
    self.init()
    facility = "facilities/\(summary.facility)"
    currencyCode = summary.currency.code
    totals = .init(summary.totals)
    refused = summary.refused
    lenders = summary.lenders
    findings = summary.findings.map { count in
      .with {
        $0.finding = .init(code: count.finding)
        $0.rows = count.rows
      }
    }
    sources = [
      Sources.of(
        "totals.paid_minor", in: pool, [ChartOfAccounts.cash], "claim_payout transfers of the facility's guarantees"),
      Sources.of(
        "totals.guaranteed_minor", in: pool, [ChartOfAccounts.liability(of: summary.facility)],
        "guarantees of the rows, with those that were registered only"),
    ]
  }
}
