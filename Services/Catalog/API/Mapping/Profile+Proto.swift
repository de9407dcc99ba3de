package import CatalogDomain
package import Kernel
package import Protos
import RPCEdge

extension Profile {
  /// What a request tells of a firm and its need.
  /// - Throws: what cannot be read or lies out of range, with its path below `firm` or `need`.
  package init(
    _ firm: Huirong_Catalog_V1_FirmProfile, _ need: Huirong_Catalog_V1_FinancingNeed, now: Instant
  ) throws(DomainError) {
    try self.init(firm: firm, normalised: false)
    try setNeed(need, now: now)
    try normalise()
  }

  /// What a request tells of a firm, without a need.
  init(firm: Huirong_Catalog_V1_FirmProfile, normalised: Bool = true) throws(DomainError) {
    self.init()
    if !firm.regionCode.isEmpty { self[.region] = firm.regionCode }
    if !firm.industryCode.isEmpty { self[.industry] = firm.industryCode }
    if firm.size != .unspecified { self[.size] = try ChoiceAttribute.size.bit(wire: firm.size.rawValue, "firm.size") }
    if firm.legalForm != .unspecified {
      self[.legalForm] = try ChoiceAttribute.legalForm.bit(wire: firm.legalForm.rawValue, "firm.legal_form")
    }
    if firm.chainRole != .unspecified {
      self[.chainRole] = try ChoiceAttribute.chainRole.bit(wire: firm.chainRole.rawValue, "firm.chain_role")
    }
    self[.tags] = Set(firm.tags)
    self[.consents] = Set(firm.consents)
    self[.collateral] = Set(firm.collateral)
    self[.relationships] = Set(firm.relationships)
    try setNumbers(firm)
    set(.firstLoan, fact: firm.hasFirstLoan ? firm.firstLoan : nil)
    set(.guaranteeAvailable, fact: firm.hasGuaranteeAvailable ? firm.guaranteeAvailable : nil)
    set(.housingFundCurrent, fact: firm.hasHousingFundCurrent ? firm.housingFundCurrent : nil)
    set(.existingLoanNormal, fact: firm.hasExistingLoanNormal ? firm.existingLoanNormal : nil)
    set(.renewalCommitted, fact: firm.hasRenewalCommitted ? firm.renewalCommitted : nil)
    if normalised { try normalise() }
  }

  private mutating func setNumbers(_ firm: Huirong_Catalog_V1_FirmProfile) throws(DomainError) {
    if firm.hasMonthsInBusiness { self[.monthsInBusiness] = firm.monthsInBusiness }
    if firm.hasAnnualRevenue {
      self[.annualRevenue] = try IntegerRange.cny(firm.annualRevenue, "firm.annual_revenue")
    }
    if firm.hasTotalAssets { self[.totalAssets] = try IntegerRange.cny(firm.totalAssets, "firm.total_assets") }
    if firm.hasStaff { self[.staff] = firm.staff }
    if firm.hasDebtRatio { self[.debtRatio] = firm.debtRatio.ppm }
    self[.platformGrade] = try Grades.read(firm.platformGrade.rawValue, "firm.platform_grade")
    self[.creditGrade] = try Grades.read(firm.creditGrade.rawValue, "firm.credit_grade")
    self[.taxGrade] = try Grades.read(firm.taxGrade.rawValue, "firm.tax_grade")
    if firm.hasInnovationPoints { self[.innovationPoints] = firm.innovationPoints }
  }

  private mutating func setNeed(_ need: Huirong_Catalog_V1_FinancingNeed, now: Instant) throws(DomainError) {
    try Require.set(need.hasAmount, "need.amount")
    setNeed(
      instruments: try Reading.each(need.instruments, "need.instruments") { value, path throws(DomainError) in
        try Reading.value(value.rawValue, as: Instrument.self, path)
      },
      amount: try Money.positive(need.amount, field: "need.amount"),
      tenor: need.hasTenor ? try Tenor(need.tenor, "need.tenor") : nil,
      securityModes: try Reading.each(need.securityModes, "need.security_modes") { value, path throws(DomainError) in
        try Reading.value(value.rawValue, as: SecurityMode.self, path)
      },
      asOf: try Reading.day(need.hasAsOf, need.asOf, "need.as_of", now: now))
  }

  /// Day the question is asked for.
  var asOf: BusinessDate? { self[.asOfDay].flatMap { Int32(exactly: $0) }.flatMap { try? BusinessDate(dayNumber: $0) } }
}
