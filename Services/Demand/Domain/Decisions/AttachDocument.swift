package import Kernel

/// Puts a document on a demand's file: a renewal commitment, a business licence, whatever a judgement or a bank asks for.
package struct AttachDocument: Sendable, Hashable {
  package var demand: String
  package var evidence: Evidence
  package var issuer: String
  package var amount: Money?
  package var validUntil: BusinessDate?
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, naming the field.
  package init(
    demand: String, evidence: Evidence, issuer: String, amount: Money?, validUntil: BusinessDate?, reason: String
  ) throws(DomainError) {
    if let amount { try Amounts.requirePositive(amount, field: "document.amount") }
    self.demand = demand
    self.evidence = evidence
    self.issuer = try Texts.optional(issuer, "document.issuer", maximum: Texts.maximumName)
    self.amount = amount
    self.validUntil = validUntil
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `OUT_OF_SCOPE` for an institution that the demand was not put before, `CURRENCY_MISMATCH`, `RESOURCE_EXISTS`
  ///   for the same kind and archive number, `LIMIT_EXCEEDED`.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    guard DemandScope.sees(demand, caller) else {
      throw DomainError(
        .outOfScope, "demands/\(demand.id) is not before \(caller.organisation)",
        metadata: ["institution": caller.organisation])
    }
    if let amount { try Amounts.requirePositive(amount, in: demand, field: "document.amount") }
    let known = demand.handling.documents
    if known.contains(where: { $0.evidence.kind == evidence.kind && $0.evidence.reference == evidence.reference }) {
      throw DomainError(
        .resourceExists, "\(evidence.kind) \(evidence.reference) is on the file already",
        field: "document.evidence.reference", metadata: ["resource": "demands/\(demand.id)"])
    }
    guard known.count < Handling.maximumDocuments else {
      throw DomainError(.limitExceeded, "a demand has at most \(Handling.maximumDocuments) documents")
    }
    return [
      .documentAttached(
        DemandDocument(
          evidence: evidence, issuer: issuer, amount: amount, validUntil: validUntil, actor: caller.organisation,
          role: caller.role, at: now))
    ]
  }
}
