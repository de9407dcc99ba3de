import DemandDomain
import Kernel
import Storage

extension DemandRows {
  /// Adds what lies in the demand's other tables.
  static func complete(_ head: Head, _ session: ReadSession) throws -> Listed<Demand> {
    var demand = head.demand
    if head.hasTargets { demand.targets = try targets(head.number, session) }
    if head.hasDeclines { demand.declines = try declines(head.number, session) }
    if head.hasDisbursements {
      demand.disbursements = try disbursements(head.number, demand.amount.currency, session)
    }
    if demand.closeOut != nil { demand.closeOut?.evidence = try closeEvidence(head.number, session) }
    return Listed(position: head.number, item: demand)
  }

  private static func targets(_ number: Int64, _ session: ReadSession) throws -> [PushTarget] {
    try session.query(
      """
      SELECT kind, organisation, product, score_ppm, state, pushed_micros, reason, acknowledged_micros
      FROM demand_targets
      WHERE demand = ? ORDER BY position
      """, [.integer(number)]
    ) { row in
      var columns = Columns(row)
      return PushTarget(
        kind: try columns.word(), organisation: try columns.text(), product: try columns.text(),
        score: Rate(ppm: try columns.integer()), state: try columns.word(), pushedAt: try columns.time(),
        reason: try columns.word(), acknowledgedAt: try columns.optionalInteger().map(Instant.init(microseconds:)))
    }
  }

  private static func declines(_ number: Int64, _ session: ReadSession) throws -> [Decline] {
    try session.query(
      "SELECT institution, reason, at_micros, from_state FROM demand_declines WHERE demand = ? ORDER BY position",
      [.integer(number)]
    ) { row in
      var columns = Columns(row)
      return Decline(
        institution: try columns.text(), reason: try columns.text(), at: try columns.time(),
        fromState: try columns.word())
    }
  }

  private static func disbursements(
    _ number: Int64, _ currency: Currency, _ session: ReadSession
  ) throws -> [Disbursement] {
    try session.query(
      """
      SELECT amount_minor, paid_day, evidence_kind, evidence_reference, evidence_sha256 FROM demand_disbursements
      WHERE demand = ? ORDER BY position
      """, [.integer(number)]
    ) { row in
      var columns = Columns(row)
      return Disbursement(
        amount: Money(try columns.integer(), currency), paidOn: try columns.day(),
        evidence: Evidence(
          storedKind: try columns.text(), reference: try columns.text(), sha256: try columns.blob()))
    }
  }

  private static func closeEvidence(_ number: Int64, _ session: ReadSession) throws -> [Evidence] {
    try session.query(
      "SELECT kind, reference, sha256 FROM demand_close_evidence WHERE demand = ? ORDER BY position", [.integer(number)]
    ) { row in
      var columns = Columns(row)
      return Evidence(storedKind: try columns.text(), reference: try columns.text(), sha256: try columns.blob())
    }
  }
}
