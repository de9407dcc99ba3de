package import Kernel
package import Policy

/// Changes named fields of a firm.
package struct UpdateEnterprise: Sendable, Hashable {
  package enum Field: String, Sendable, Hashable, CaseIterable {
    case displayName = "display_name"
    case region = "region_code"
    case industry = "industry_code"
    case sizeInputs = "size_inputs"
    case tags
    case grade = "platform_grade"
    case firstLoan = "first_loan"
    case consents, chain, park, affiliates
    case firstLoanEvidence = "first_loan_evidence"
    case gradeReceipt = "grade_receipt"
  }

  /// The values to take over; a field that is not named keeps its own.
  package struct Change: Sendable, Hashable {
    package var displayName: String?
    package var region: RegionCode?
    package var industry: IndustryCode?
    package var sizeInputs: SizeInputs??
    package var tags: [EnterpriseTag]?
    package var grade: PlatformGrade??
    package var firstLoan: Bool?
    package var consents: [Consent]?
    package var chain: String?
    package var park: String?
    package var affiliates: [String]?
    package var firstLoanEvidence: FirstLoanEvidence??
    package var gradeReceipt: GradeReceipt??

    package init() {}
  }

  package var id: String
  package var change: Change
  /// Refused unless it is the current one; `nil` takes any.
  package var revision: Int64?
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(id: String, change: Change, revision: Int64?, reason: String) throws(DomainError) {
    self.id = id
    self.change = change
    self.revision = revision
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `INVALID_ARGUMENT` for a receipt without its grade, and what a registration throws.
  package func decide(
    existing: Enterprise?, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Enterprise {
    guard var enterprise = existing else { throw .notFound("enterprises/\(id)") }
    try DemandScope.requireView(of: enterprise, by: caller)
    if enterprise.mergedInto != nil { throw .merged(enterprise) }
    try EnterpriseFields.require(given(over: enterprise, by: caller), by: caller)
    if change.gradeReceipt != nil, change.grade == nil {
      throw DomainError.invalid("enterprise.grade_receipt", "changes together with platform_grade only")
    }
    if let revision, revision != enterprise.revision {
      throw DomainError(
        .etagMismatch, "enterprises/\(id) has changed since", field: "etag",
        metadata: ["etag": String(enterprise.revision)])
    }
    let draft = try draft(over: enterprise)
    if draft.firstLoan, !enterprise.firstLoan || change.firstLoanEvidence != nil {
      try EnterpriseFields.requireFirstLoan(draft.ties.firstLoanEvidence, by: caller, on: now.shanghaiDate())
    }
    // Moving a firm out of one's own region would put it beyond one's own reach.
    guard caller.role == .enterprise || draft.region.lies(in: caller.regionPrefix) else {
      throw DomainError(
        .outOfScope, "region \(draft.region) lies outside \(caller.regionPrefix)", field: "enterprise.region_code")
    }
    enterprise.displayName = draft.displayName
    enterprise.region = draft.region
    enterprise.industry = draft.industry
    enterprise.tags = draft.tags
    enterprise.grade = draft.grade
    enterprise.firstLoan = draft.firstLoan
    enterprise.consents = draft.consents
    enterprise.ties = draft.ties
    if change.sizeInputs != nil {
      enterprise.size = try draft.sizeInputs.map { inputs throws(DomainError) in
        try SizeJudge.judge(inputs, policy: policy, on: now.shanghaiDate())
      }
    }
    enterprise.updatedAt = now
    enterprise.revision += 1
    return enterprise
  }

  /// A firm may not even name what is not its own; others may name what they leave as it is.
  private func given(over enterprise: Enterprise, by caller: Caller) -> [Field: Bool] {
    func given<Value: Equatable>(_ value: Value?, _ known: Value) -> Bool {
      value.map { caller.role == .enterprise || $0 != known } ?? false
    }
    let ties = enterprise.ties
    return [
      .grade: given(change.grade, enterprise.grade), .gradeReceipt: given(change.gradeReceipt, ties.gradeReceipt),
      .tags: given(change.tags, enterprise.tags), .firstLoan: given(change.firstLoan, enterprise.firstLoan),
      .firstLoanEvidence: given(change.firstLoanEvidence, ties.firstLoanEvidence),
      .chain: given(change.chain, ties.chain), .affiliates: given(change.affiliates, ties.affiliates),
    ]
  }

  private func draft(over enterprise: Enterprise) throws(DomainError) -> EnterpriseDraft {
    do {
      return try EnterpriseDraft(
        displayName: change.displayName ?? enterprise.displayName, region: change.region ?? enterprise.region,
        industry: change.industry ?? enterprise.industry, sizeInputs: change.sizeInputs ?? enterprise.size?.inputs,
        tags: change.tags ?? enterprise.tags, grade: change.grade ?? enterprise.grade,
        firstLoan: change.firstLoan ?? enterprise.firstLoan, consents: change.consents ?? enterprise.consents,
        ties: ties(over: enterprise))
    } catch {
      throw error.within("enterprise")
    }
  }

  private func ties(over enterprise: Enterprise) -> EnterpriseTies {
    var ties = enterprise.ties
    if let chain = change.chain { ties.chain = chain }
    if let park = change.park { ties.park = park }
    if let affiliates = change.affiliates { ties.affiliates = affiliates }
    if let evidence = change.firstLoanEvidence {
      ties.firstLoanEvidence = evidence
    } else if !(change.firstLoan ?? enterprise.firstLoan) {
      // The report of a firm that has had its first loan shows nothing any more.
      ties.firstLoanEvidence = nil
    }
    if let receipt = change.gradeReceipt {
      ties.gradeReceipt = receipt
    } else if let grade = change.grade, grade != enterprise.grade {
      // A grade set by hand does not keep the source of the one before.
      ties.gradeReceipt = nil
    }
    return ties
  }
}
