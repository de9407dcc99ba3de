package import Kernel
package import Policy

/// Commands on one firm beside registration and update.
package enum EnterpriseCommand: Sendable, Hashable {
  case verify(VerifyEnterprise)
  case reclassify(ReclassifyEnterprise)
  case merge(MergeEnterprises)

  package var enterpriseID: String {
    switch self {
    case .verify(let command): command.id
    case .reclassify(let command): command.id
    case .merge(let command): command.id
    }
  }

  package var type: String {
    switch self {
    case .verify: "enterprise.verified"
    case .reclassify: "enterprise.reclassified"
    case .merge: "enterprise.merged"
    }
  }

  package var reason: String {
    switch self {
    case .verify(let command): command.reason
    case .reclassify(let command): command.reason
    case .merge(let command): command.reason
    }
  }

  /// The other firm that the decision looks at.
  package var otherID: String? { if case .merge(let command) = self { command.into } else { nil } }

  /// - Parameter others: how many demands of the firm have not ended.
  /// - Throws: what the command's own decision throws.
  package func decide(
    _ enterprise: Enterprise?, other: Enterprise?, openDemands: Int64, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Enterprise {
    guard var next = enterprise else { throw .notFound("enterprises/\(enterpriseID)") }
    try DemandScope.requireView(of: next, by: caller)
    if next.mergedInto != nil { throw .merged(next) }
    switch self {
    case .verify(let command): try command.decide(&next, caller: caller, now: now)
    case .reclassify(let command): try command.decide(&next, policy: policy)
    case .merge(let command): try command.decide(&next, other: other, openDemands: openDemands, caller: caller)
    }
    next.updatedAt = now
    next.revision += 1
    return next
  }
}

extension DomainError {
  static func merged(_ enterprise: Enterprise) -> DomainError {
    let into = enterprise.mergedInto ?? ""
    return DomainError(
      .stateConflict, "enterprises/\(enterprise.id) was merged into enterprises/\(into)",
      metadata: ["merged_into": "enterprises/\(into)"])
  }
}

/// The firm's particulars were checked with the register.
package struct VerifyEnterprise: Sendable, Hashable {
  package var id: String
  package var evidence: Evidence
  package var checkedOn: BusinessDate
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(id: String, evidence: Evidence, checkedOn: BusinessDate, reason: String) throws(DomainError) {
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
    self.id = id
    self.evidence = evidence
    self.checkedOn = checkedOn
  }

  /// - Throws: `INVALID_DATE` for a check after today.
  func decide(_ enterprise: inout Enterprise, caller: Caller, now: Instant) throws(DomainError) {
    let today = try now.shanghaiDate()
    guard checkedOn <= today else {
      throw DomainError(.invalidDate, "checked on \(checkedOn), which is after today, \(today)", field: "checked_on")
    }
    enterprise.verification = Verification(evidence: evidence, actor: caller.organisation, checkedOn: checkedOn)
  }
}

/// The firm's size as of a day, by the figures on file and the table in force then.
package struct ReclassifyEnterprise: Sendable, Hashable {
  package var id: String
  package var asOf: BusinessDate
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(id: String, asOf: BusinessDate, reason: String) throws(DomainError) {
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
    self.id = id
    self.asOf = asOf
  }

  /// - Throws: `POLICY_FACT_MISSING` for a firm without figures.
  package func decide(_ enterprise: inout Enterprise, policy: PolicyBook) throws(DomainError) {
    guard let inputs = enterprise.size?.inputs else {
      throw DomainError(
        .policyFactMissing, "enterprises/\(enterprise.id) has reported no figures", field: "name",
        metadata: ["attribute": "size_inputs"])
    }
    enterprise.size = try SizeJudge.judge(inputs, policy: policy, on: asOf)
  }
}

/// A firm that was registered twice gives way to the one that stays.
package struct MergeEnterprises: Sendable, Hashable {
  package var id: String
  package var into: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(id: String, into: String, reason: String) throws(DomainError) {
    guard id != into else { throw DomainError.invalid("into", "a firm is not merged into itself") }
    self.id = id
    self.into = into
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE`, `STATE_CONFLICT` while the firm has demands that have not ended or when the
  ///   other was itself merged.
  func decide(
    _ enterprise: inout Enterprise, other: Enterprise?, openDemands: Int64, caller: Caller
  ) throws(DomainError) {
    guard let other else {
      throw DomainError(.resourceNotFound, "enterprises/\(into) does not exist", field: "into")
    }
    try DemandScope.requireView(of: other, by: caller)
    if other.mergedInto != nil { throw .merged(other) }
    guard openDemands == 0 else {
      throw DomainError(
        .stateConflict, "enterprises/\(enterprise.id) has \(openDemands) demands that have not ended",
        metadata: ["open_demands": String(openDemands)])
    }
    enterprise.mergedInto = into
  }
}

/// 双查: whether an institution may read the credit reports that the policy asks for (泰金监字〔2023〕2号).
package enum CreditConsents {
  package struct Answer: Sendable, Hashable {
    package var missing: [ConsentKind]
    package var citations: [Citation]
  }

  /// - Throws: `POLICY_NOT_STATED` when no pack says which consents a query needs.
  package static func check(
    _ enterprise: Enterprise, by institution: String, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> Answer {
    let scope = PolicyScope(region: enterprise.region.text)
    guard let required = try CreditReportsRule.required(scope: scope, policy, on: date) else {
      throw DomainError(
        .policyNotStated, "no policy pack states which consents a credit query needs",
        metadata: ["parameter": "assessment.consents"])
    }
    let held = Set(enterprise.consents.filter { $0.holds(on: date) && $0.covers(institution) }.map(\.kind))
    var missing: [ConsentKind] = []
    for word in required.value {
      let kind = try CreditReportsRule.kind(word)
      if !held.contains(kind) { missing.append(kind) }
    }
    return Answer(missing: missing, citations: [Citation(required.citation)])
  }
}
