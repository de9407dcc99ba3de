package import Kernel
package import Policy

/// What is known of a firm, checked field by field.
package struct EnterpriseDraft: Sendable, Hashable {
  package static let maximumTags = 50
  package static let maximumConsents = 20

  package var displayName: String
  package var region: RegionCode
  package var industry: IndustryCode
  package var sizeInputs: SizeInputs?
  package var tags: [EnterpriseTag]
  package var grade: PlatformGrade?
  package var firstLoan: Bool
  package var consents: [Consent]
  package var ties: EnterpriseTies

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`, `INVALID_DATE`, `CURRENCY_MISMATCH`, naming the field.
  package init(
    displayName: String, region: RegionCode, industry: IndustryCode, sizeInputs: SizeInputs?, tags: [EnterpriseTag],
    grade: PlatformGrade?, firstLoan: Bool, consents: [Consent], ties: EnterpriseTies = EnterpriseTies()
  ) throws(DomainError) {
    self.ties = ties
    self.displayName = try Texts.required(displayName, "display_name", maximum: Texts.maximumName)
    self.region = region
    self.industry = industry
    self.sizeInputs = sizeInputs
    self.tags = tags
    self.grade = grade
    self.firstLoan = firstLoan
    self.consents = consents
    try sizeInputs?.check()
    try checkTags()
    try checkConsents()
    try ties.check(firstLoan: firstLoan)
  }

  private func checkTags() throws(DomainError) {
    guard tags.count <= Self.maximumTags else {
      throw DomainError.invalid("tags", "a firm has at most \(Self.maximumTags) tags")
    }
    var seen: Set<String> = []
    for (index, tag) in tags.enumerated() {
      let field = "tags[\(index)]"
      _ = try Texts.required(tag.tag, "\(field).tag", maximum: Texts.maximumTag)
      guard seen.insert(tag.tag).inserted else { throw DomainError.invalid("\(field).tag", "\(tag.tag) stands twice") }
      if let from = tag.validFrom, let to = tag.validTo, to < from {
        throw DomainError(.invalidDate, "\(tag.tag) ends on \(to), before \(from)", field: "\(field).valid_to")
      }
    }
  }

  private func checkConsents() throws(DomainError) {
    guard consents.count <= Self.maximumConsents else {
      throw DomainError.invalid("consents", "a firm has at most \(Self.maximumConsents) consents")
    }
    for (index, consent) in consents.enumerated() {
      let field = "consents[\(index)]"
      guard consent.grantedOn <= consent.expiresOn else {
        throw DomainError(
          .invalidDate, "the consent expires on \(consent.expiresOn), before \(consent.grantedOn)",
          field: "\(field).expires_on")
      }
      if let revoked = consent.revokedOn, revoked < consent.grantedOn {
        throw DomainError(
          .invalidDate, "the consent was revoked on \(revoked), before \(consent.grantedOn)",
          field: "\(field).revoked_on")
      }
      if !consent.institution.isEmpty {
        _ = try ActingInstitution.organisation(consent.institution, field: "\(field).institution")
      }
      _ = try Texts.optional(consent.reference, "\(field).reference", maximum: Texts.maximumReference)
    }
  }
}

extension SizeInputs {
  fileprivate func check() throws(DomainError) {
    if let staff, staff < 0 { throw DomainError.invalid("size_inputs.staff", "staff is not negative") }
    for (field, amount) in [("revenue", revenue), ("assets", assets)] {
      guard let amount else { continue }
      guard amount.currency == .cny else {
        throw DomainError(
          .currencyMismatch, "the size of a firm is judged in CNY, not \(amount.currency)",
          field: "size_inputs.\(field).currency_code")
      }
      if amount.isNegative { throw DomainError.invalid("size_inputs.\(field)", "\(field) is not negative") }
    }
  }
}

/// Registers a firm under its unified social credit code.
package struct RegisterEnterprise: Sendable, Hashable {
  package var uscc: UnifiedSocialCreditCode
  package var draft: EnterpriseDraft
  package var reason: String

  /// - Parameter legacyCodes: codes of the early pilot that the operator has checked by hand.
  /// - Throws: `INVALID_USCC` for a wrong code, or a legacy one that is not on the list; `INVALID_ARGUMENT`.
  package init(
    uscc text: String, draft: EnterpriseDraft, legacyCodes: Set<String>, reason: String = ""
  ) throws(DomainError) {
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
    uscc = try UnifiedSocialCreditCode(text)
    if uscc.standing == .legacy, !legacyCodes.contains(text) {
      throw DomainError(
        .invalidUSCC, "\(text) fails position 18 and is not on the list of early pilot codes", field: "uscc",
        metadata: ["standing": "legacy"])
    }
    self.draft = draft
  }

  /// - Throws: `RESOURCE_EXISTS`, `OUT_OF_SCOPE`, and what reading the policy throws.
  package func decide(
    existing: Enterprise?, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Enterprise {
    // Scope first: whoever may not register the firm does not learn whether it is registered.
    if caller.role == .enterprise {
      guard caller.organisation == uscc.text else {
        throw DomainError(
          .outOfScope, "\(caller.organisation) may not register enterprises/\(uscc)", field: "enterprise.uscc")
      }
    } else if !draft.region.lies(in: caller.regionPrefix) {
      throw DomainError(
        .outOfScope, "region \(draft.region) lies outside \(caller.regionPrefix)", field: "enterprise.region_code")
    }
    let ties = draft.ties
    try EnterpriseFields.require(
      [
        .grade: draft.grade != nil || ties.gradeReceipt != nil, .tags: !draft.tags.isEmpty,
        .firstLoan: draft.firstLoan || ties.firstLoanEvidence != nil, .chain: !ties.chain.isEmpty,
        .affiliates: !ties.affiliates.isEmpty,
      ], by: caller)
    let today = try now.shanghaiDate()
    if draft.firstLoan { try EnterpriseFields.requireFirstLoan(ties.firstLoanEvidence, by: caller, on: today) }
    if existing != nil {
      throw DomainError(
        .resourceExists, "enterprises/\(uscc) is registered", field: "enterprise.uscc",
        metadata: ["resource": "enterprises/\(uscc)"])
    }
    if draft.ties.affiliates.contains(uscc.text) {
      throw DomainError.invalid("enterprise.affiliates", "\(uscc) is no affiliate of itself")
    }
    var enterprise = Enterprise(
      uscc: uscc, displayName: draft.displayName, region: draft.region, industry: draft.industry,
      size: try draft.sizeInputs.map { inputs throws(DomainError) in
        try SizeJudge.judge(inputs, policy: policy, on: today)
      }, tags: draft.tags, grade: draft.grade, firstLoan: draft.firstLoan, consents: draft.consents, createdAt: now,
      updatedAt: now, revision: 1)
    enterprise.ties = draft.ties
    return enterprise
  }
}
