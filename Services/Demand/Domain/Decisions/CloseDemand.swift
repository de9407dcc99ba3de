package import Kernel

/// 销号: the item leaves the ledger, with evidence and by a role of the ledger.
package struct CloseDemand: Sendable, Hashable {
  /// More proof than this belongs into one archive number.
  package static let maximumEvidence = 20

  package var demand: String
  package var evidence: [Evidence]
  package var note: String

  /// - Throws: `EVIDENCE_MISSING`, `BATCH_TOO_LARGE`, `INVALID_ARGUMENT`.
  package init(demand: String, evidence: [Evidence], note: String) throws(DomainError) {
    if evidence.isEmpty {
      throw DomainError(.evidenceMissing, "a demand is closed out only with evidence", field: "evidence")
    }
    guard evidence.count <= Self.maximumEvidence else {
      throw DomainError(
        .batchTooLarge, "\(evidence.count) pieces of evidence; at most \(Self.maximumEvidence)", field: "evidence")
    }
    self.demand = demand
    self.evidence = evidence
    self.note = try Texts.optional(note, "reason", maximum: Texts.maximumReason)
  }

  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    [
      .closed(
        CloseOut(evidence: evidence, closedBy: caller.organisation, role: caller.role, note: note, at: now))
    ]
  }
}
