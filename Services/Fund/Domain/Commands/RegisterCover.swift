package import Kernel
import Policy

/// Registers a loan at its origination. The rules of that day hold for it.
package struct RegisterCover: FundCommand {
  package static let loanNumberLength = 40

  package var scheme: String
  package var bank: String
  package var borrower: String
  package var loanNumber: String
  package var principal: Money
  package var disbursedOn: BusinessDate
  package var maturesOn: BusinessDate
  package var businessDate: BusinessDate
  /// Number of the loan contract; nil when it was not given.
  package var contract: String?
  /// Why the borrower is eligible, as the packs name it; empty where it was not given.
  package var eligibility = ""
  /// Whether the loan needs neither collateral nor guarantee.
  package var isUnsecured = false

  package init(
    scheme: String, bank: String, borrower: String, loanNumber: String, principal: Money, disbursedOn: BusinessDate,
    maturesOn: BusinessDate, businessDate: BusinessDate
  ) {
    self.scheme = scheme
    self.bank = bank
    self.borrower = borrower
    self.loanNumber = loanNumber
    self.principal = principal
    self.disbursedOn = disbursedOn
    self.maturesOn = maturesOn
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Cover {
    var scheme = try fund.record(CompensationScheme.self, scheme, in: "compensationSchemes")
    try Field.id(bank, "bank", FundLimits.organisationLength)
    try Field.text(borrower, "borrower", 1...FundLimits.borrowerLength)
    try Field.id(loanNumber, "loan_number", Self.loanNumberLength)
    try Field.positive(principal, "principal", in: scheme.currency)
    try context.requireInstitution(bank)
    if maturesOn <= disbursedOn { throw DomainError.invalid("matures_on", "\(maturesOn) is not after \(disbursedOn)") }
    if disbursedOn > businessDate {
      throw DomainError.invalid("disbursed_on", "\(disbursedOn) lies after the registration of \(businessDate)")
    }
    try Field.text(eligibility, "eligibility", 0...64)
    let id = Cover.id(bank: bank, loanNumber: loanNumber)
    if let contract { try Field.text(contract, "contract", 1...Self.loanNumberLength) }
    var reading = CompensationRules.reading(scheme, try fund.pool(scheme.pool), context.policy, on: disbursedOn)
    try requireTerm(&reading)
    try CompensationRules.requireWindow(scheme, disbursedOn, registeredOn: businessDate, &reading)
    try requireTalent(scheme, &reading)
    _ = try CompensationRules.ratio(scheme, &reading)
    let cover = Cover(
      id: id, scheme: scheme.id, pool: scheme.pool, currency: scheme.currency, bank: bank, borrower: borrower,
      loanNumber: loanNumber, contract: contract, principal: principal.minorUnits, disbursedOn: disbursedOn,
      maturesOn: maturesOn, registeredOn: businessDate, eligibility: eligibility.isEmpty ? nil : eligibility,
      isUnsecured: isUnsecured, state: .registered, work: nil, maker: nil, checker: nil, evidence: [], claimedOn: nil,
      paidOn: nil,
      recovered: 0, returnedCompensation: 0, returnedReward: 0, citations: reading.citations.map(Citation.init),
      transfers: [], remark: "", stamp: RecordStamp(context.now))
    if let other = try fund.recordIfAny(Cover.self, id), other.borrower != borrower {
      throw DomainError(
        .doubleCompensation, "\(other.name) is the loan of another borrower", field: "loan_number",
        metadata: ["cover": other.name, "scheme": "compensationSchemes/\(other.scheme)", "evidence": "loan number"])
    }
    try fund.requireUncovered(cover)
    scheme.registered = try Money(scheme.registered, scheme.currency).adding(principal).minorUnits
    scheme.stamp.touch(context.now)
    var year = try fund.schemeYear(scheme.id, disbursedOn.year)
    year.registered = try Money(year.registered, scheme.currency).adding(principal).minorUnits
    fund.save(scheme)
    fund.save(year)
    fund.save(cover)
    fund.emit(
      .compensationCovered, cover.name, pool: cover.pool, state: "registered", party: bank, amount: principal,
      on: businessDate)
    return cover
  }

  /// 淄政办字〔2020〕56号 四: 人才贷 goes to members of a talent programme or the firms where they have long worked, and needs
  /// neither collateral nor guarantee.
  private func requireTalent(_ scheme: CompensationScheme, _ reading: inout PolicyReading) throws(DomainError) {
    guard scheme.product == CompensationRules.talentLoan else { return }
    if let eligible = try reading.ifStated("talent_loan.eligible", as: .texts), !eligible.value.contains(eligibility) {
      throw DomainError(
        eligibility.isEmpty ? .requiredFieldMissing : .policyConditionFailed,
        "\(eligible.citation.ruleID) asks for one of \(eligible.value.joined(separator: ", "))", field: "eligibility",
        metadata: ["rule": eligible.citation.ruleID])
    }
    if let unsecured = try reading.ifStated("talent_loan.unsecured", as: .boolean), unsecured.value, !isUnsecured {
      throw DomainError(
        .policyConditionFailed, "\(unsecured.citation.ruleID) asks for a loan without collateral or guarantee",
        field: "unsecured", metadata: ["rule": unsecured.citation.ruleID])
    }
  }

  private func requireTerm(_ reading: inout PolicyReading) throws(DomainError) {
    guard let cap = try reading.ifStated("risk_compensation.term.cap", as: .months),
      let months = Int(exactly: cap.value)
    else { return }
    let last = try disbursedOn.adding(months: months)
    if cap.inclusive ? maturesOn > last : maturesOn >= last {
      throw DomainError(
        .policyConditionFailed, "loans of at most \(months) months count (\(cap.citation.ruleID))",
        field: "matures_on", metadata: ["rule": cap.citation.ruleID, "months": "\(months)"])
    }
  }
}

extension FundTransaction {
  func schemeYear(_ scheme: String, _ year: Int) throws -> SchemeYear {
    try recordIfAny(SchemeYear.self, SchemeYear.id(scheme, year))
      ?? SchemeYear(scheme: scheme, year: year, registered: 0, committed: 0)
  }
}

/// What the packs say of a scheme.
enum CompensationRules {
  static func reading(
    _ scheme: CompensationScheme, _ pool: Pool, _ policy: PolicyBook, on date: BusinessDate
  ) -> PolicyReading {
    PolicyReading(policy, scope: PolicyScope(region: pool.regionCode, product: scheme.product), on: date)
  }

  /// Product of the packs' talent loans (人才贷).
  static let talentLoan = "talent_loan"

  /// The packs' window and the scheme's own, whichever there are.
  static func requireWindow(
    _ scheme: CompensationScheme, _ disbursedOn: BusinessDate, registeredOn day: BusinessDate,
    _ reading: inout PolicyReading
  ) throws(DomainError) {
    let stated = try reading.ifStated("risk_compensation.registration.cap", as: .days)
    if let stated { try RegistrationWindow(stated, reading.book).require(disbursedOn, registeredOn: day) }
    if let days = scheme.registrationDays {
      try RegistrationWindow(days: days, of: scheme.name, reading.book).require(disbursedOn, registeredOn: day)
    } else if stated == nil {
      throw DomainError(
        .policyNotStated, "neither a policy pack nor \(scheme.name) states how long a loan may be registered",
        field: "scheme", metadata: ["parameter": "risk_compensation.registration.cap"])
    }
  }

  /// The packs' ratio; the scheme's own where none is stated, or where it is stricter.
  static func ratio(_ scheme: CompensationScheme, _ reading: inout PolicyReading) throws(DomainError) -> Rate {
    guard let stated = try reading.ifStated("risk_compensation.ratio.cap", as: .rate) else {
      if let explicit = scheme.explicitRatio { return explicit }
      _ = try reading("risk_compensation.ratio.cap", as: .rate)
      return .zero
    }
    guard let explicit = scheme.explicitRatio else { return stated.value }
    if !stated.admits(explicit) {
      throw DomainError(
        .policyConditionFailed,
        "a ratio of \(explicit) is above the \(stated.value) of \(stated.citation.ruleID)", field: "explicit_ratio",
        metadata: ["rule": stated.citation.ruleID])
    }
    return explicit
  }
}
