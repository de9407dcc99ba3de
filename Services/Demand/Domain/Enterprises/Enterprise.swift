package import Kernel
package import Policy

/// A firm, sole trader or cooperative, known by its unified social credit code.
package struct Enterprise: Hashable, Sendable {
  package var uscc: UnifiedSocialCreditCode
  package var displayName: String
  package var region: RegionCode
  package var industry: IndustryCode
  package var size: SizeJudgement?
  package var tags: [EnterpriseTag]
  package var grade: PlatformGrade?
  /// 首贷户: no loan and no bill discount ever in the PBOC credit system.
  package var firstLoan: Bool
  package var consents: [Consent]
  package var createdAt: Instant
  package var updatedAt: Instant
  /// 1 when registered; the etag.
  package var revision: Int64
  package var ties = EnterpriseTies()
  /// The last check with the register.
  package var verification: Verification?
  /// The firm it was merged into; `nil` while it stands for itself.
  package var mergedInto: String?

  /// The identifier is the code: a firm cannot be registered twice under two names.
  package var id: String { uscc.text }

  package init(
    uscc: UnifiedSocialCreditCode, displayName: String, region: RegionCode, industry: IndustryCode,
    size: SizeJudgement?, tags: [EnterpriseTag], grade: PlatformGrade?, firstLoan: Bool, consents: [Consent],
    createdAt: Instant, updatedAt: Instant, revision: Int64
  ) {
    self.uscc = uscc
    self.displayName = displayName
    self.region = region
    self.industry = industry
    self.size = size
    self.tags = tags
    self.grade = grade
    self.firstLoan = firstLoan
    self.consents = consents
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.revision = revision
  }

  /// What decisions about a demand need to know of the firm on a day.
  package func profile(on date: BusinessDate) -> EnterpriseProfile {
    EnterpriseProfile(
      displayName: displayName, region: region, industry: industry, sizeBand: size?.band, grade: grade,
      firstLoan: firstLoan, tags: tags.filter { $0.holds(on: date) }.map(\.tag),
      // A consent to one institution says nothing about a judgement that many will read.
      consents: consents.filter { $0.holds(on: date) && $0.institution.isEmpty }.map {
        HeldConsent(kind: $0.kind, expiresOn: $0.expiresOn)
      })
  }
}

/// What the size of a firm is judged by (工信部联企业〔2011〕300号).
package struct SizeInputs: Hashable, Sendable {
  package var sector: IndustrySector
  /// Persons employed.
  package var staff: Int64?
  /// Revenue of the year, in CNY.
  package var revenue: Money?
  /// Total assets, in CNY.
  package var assets: Money?

  package init(sector: IndustrySector, staff: Int64?, revenue: Money?, assets: Money?) {
    self.sector = sector
    self.staff = staff
    self.revenue = revenue
    self.assets = assets
  }
}

/// A size as judged on a day: inputs, answer and source are kept together so that it can be judged again.
package struct SizeJudgement: Hashable, Sendable {
  package var inputs: SizeInputs
  /// `nil` when the inputs leave out a figure that the sector is judged by.
  package var band: SizeBand?
  package var citations: [Citation]
  package var asOf: BusinessDate
  package var policyDigest: String

  package init(
    inputs: SizeInputs, band: SizeBand?, citations: [Citation], asOf: BusinessDate, policyDigest: String
  ) {
    self.inputs = inputs
    self.band = band
    self.citations = citations
    self.asOf = asOf
    self.policyDigest = policyDigest
  }
}

/// A mark an authority has given the firm, with the days it holds.
package struct EnterpriseTag: Hashable, Sendable {
  package var tag: String
  package var validFrom: BusinessDate?
  package var validTo: BusinessDate?

  package init(tag: String, validFrom: BusinessDate?, validTo: BusinessDate?) {
    self.tag = tag
    self.validFrom = validFrom
    self.validTo = validTo
  }

  package func holds(on date: BusinessDate) -> Bool {
    if let validFrom, date < validFrom { return false }
    if let validTo, date > validTo { return false }
    return true
  }
}

/// A consent to one kind of query; it always ends.
package struct Consent: Hashable, Sendable {
  package var kind: ConsentKind
  package var grantedOn: BusinessDate
  package var expiresOn: BusinessDate
  package var reference: String
  /// Who may query; empty: every institution that works on a demand of the firm.
  package var institution: String
  /// The day on which the firm took it back; it does not hold on that day.
  package var revokedOn: BusinessDate?

  package init(
    kind: ConsentKind, grantedOn: BusinessDate, expiresOn: BusinessDate, reference: String, institution: String = "",
    revokedOn: BusinessDate? = nil
  ) {
    self.institution = institution
    self.revokedOn = revokedOn
    self.kind = kind
    self.grantedOn = grantedOn
    self.expiresOn = expiresOn
    self.reference = reference
  }

  package func holds(on date: BusinessDate) -> Bool {
    if let revokedOn, date >= revokedOn { return false }
    return grantedOn <= date && date <= expiresOn
  }

  /// Whether it allows the institution to query.
  package func covers(_ institution: String) -> Bool { self.institution.isEmpty || self.institution == institution }
}

/// The firm as a demand sees it on one day; kept with the demand so that later changes do not rewrite decisions.
package struct EnterpriseProfile: Hashable, Sendable {
  package var displayName: String
  package var region: RegionCode
  package var industry: IndustryCode
  package var sizeBand: SizeBand?
  package var grade: PlatformGrade?
  package var firstLoan: Bool
  package var tags: [String]
  package var consents: [HeldConsent]

  package init(
    displayName: String, region: RegionCode, industry: IndustryCode, sizeBand: SizeBand?, grade: PlatformGrade?,
    firstLoan: Bool, tags: [String], consents: [HeldConsent]
  ) {
    self.displayName = displayName
    self.region = region
    self.industry = industry
    self.sizeBand = sizeBand
    self.grade = grade
    self.firstLoan = firstLoan
    self.tags = tags
    self.consents = consents
  }
}

/// A consent that held on the day of a profile.
package struct HeldConsent: Hashable, Sendable {
  package var kind: ConsentKind
  package var expiresOn: BusinessDate

  package init(kind: ConsentKind, expiresOn: BusinessDate) {
    self.kind = kind
    self.expiresOn = expiresOn
  }
}
