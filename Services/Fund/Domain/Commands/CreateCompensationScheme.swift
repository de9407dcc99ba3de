package import Kernel
import Policy

/// A scheme as callers see it: its terms and what its accounts say.
package struct SchemeView: Sendable, Hashable {
  package let scheme: CompensationScheme
  /// Paid net of recoveries, minor units.
  package let paid: Int64

  package init(scheme: CompensationScheme, paid: Int64) {
    self.scheme = scheme
    self.paid = paid
  }
}

/// Opens a risk-compensation scheme under a pool.
package struct CreateCompensationScheme: FundCommand {
  package static let idLength = 18
  package static let maximumRegistrationDays: Int64 = 3660

  package var id: String
  package var pool: String
  package var displayName: String
  package var product: String
  package var explicitRatio: Rate?
  package var paysProvincialReward: Bool
  package var firmCap: Money?
  package var poolCap: Money?
  package var stopLoss: Rate?
  /// Days after its disbursement within which a loan is registered; nil for the packs' window.
  package var registrationDays: Int64?
  package var businessDate: BusinessDate

  package init(
    id: String, pool: String, displayName: String, product: String, explicitRatio: Rate?, paysProvincialReward: Bool,
    firmCap: Money?, poolCap: Money?, stopLoss: Rate?, registrationDays: Int64? = nil, businessDate: BusinessDate
  ) {
    self.id = id
    self.pool = pool
    self.displayName = displayName
    self.product = product
    self.explicitRatio = explicitRatio
    self.paysProvincialReward = paysProvincialReward
    self.firmCap = firmCap
    self.poolCap = poolCap
    self.stopLoss = stopLoss
    self.registrationDays = registrationDays
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> SchemeView {
    try Field.id(id, "scheme_id", Self.idLength)
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    try Field.text(product, "product", 1...64)
    for (field, rate) in [("explicit_ratio", explicitRatio), ("stop_loss", stopLoss)] {
      if let rate, !(0...Rate.one.ppm).contains(rate.ppm) {
        throw DomainError.invalid(field, "between 0 and \(Rate.one.ppm) ppm")
      }
    }
    try fund.requireNew(CompensationScheme.self, id, in: "compensationSchemes")
    let pool = try fund.pool(pool)
    if let firmCap { try Field.positive(firmCap, "firm_cap", in: pool.currency) }
    var reading = PolicyReading(
      context.policy, scope: PolicyScope(region: pool.regionCode, product: product), on: businessDate)
    let cap = try poolCap(&reading, pool.currency)
    if explicitRatio == nil { _ = try ratio(&reading) }
    try requireWindow(&reading)
    let scheme = CompensationScheme(
      id: id, pool: pool.id, currency: pool.currency, displayName: displayName, product: product,
      explicitRatio: explicitRatio, paysProvincialReward: paysProvincialReward, firmCap: firmCap?.minorUnits,
      poolCap: cap, stopLoss: stopLoss, registrationDays: registrationDays,
      citations: reading.citations.map(Citation.init), registered: 0,
      stamp: RecordStamp(context.now))
    for entry in ChartOfAccounts.ofScheme(id) {
      try fund.ledger.open(entry, pool: pool.id, currency: pool.currency, at: context.now)
    }
    fund.save(scheme)
    fund.emit(
      .compensationOpened, scheme.name, pool: pool.id, state: "open", amount: Money(cap, pool.currency),
      on: businessDate)
    return SchemeView(scheme: scheme, paid: 0)
  }

  private func poolCap(_ reading: inout PolicyReading, _ currency: Currency) throws -> Int64 {
    if let poolCap {
      try Field.positive(poolCap, "pool_cap", in: currency)
      return poolCap.minorUnits
    }
    guard let stated = try reading.ifStated("risk_compensation.pool", as: .money) else {
      throw DomainError(
        .policyNotStated, "no policy pack states risk_compensation.pool on \(businessDate); give pool_cap",
        field: "pool_cap", metadata: ["parameter": "risk_compensation.pool"])
    }
    try Field.positive(stated.value, "pool_cap", in: currency)
    return stated.value.minorUnits
  }

  /// A pack's window, or the scheme's own where none is stated; an own one may only be shorter.
  private func requireWindow(_ reading: inout PolicyReading) throws(DomainError) {
    if let registrationDays, !(0...Self.maximumRegistrationDays).contains(registrationDays) {
      throw .invalid("registration_days", "between 0 and \(Self.maximumRegistrationDays) days")
    }
    guard let stated = try reading.ifStated("risk_compensation.registration.cap", as: .days) else {
      if registrationDays != nil { return }
      throw DomainError(
        .policyNotStated,
        "no policy pack states risk_compensation.registration.cap on \(businessDate); give registration_days",
        field: "registration_days", metadata: ["parameter": "risk_compensation.registration.cap"])
    }
    guard let registrationDays, !stated.admits(days: registrationDays) else { return }
    throw DomainError(
      .policyConditionFailed,
      "\(registrationDays) days are more than the \(stated.value.count) of \(stated.citation.ruleID)",
      field: "registration_days", metadata: ["rule": stated.citation.ruleID])
  }

  private func ratio(_ reading: inout PolicyReading) throws(DomainError) -> Rate {
    do {
      return try reading("risk_compensation.ratio.cap", as: .rate).value
    } catch {
      var error = error
      if error.reason == .policyNotStated { error.field = "explicit_ratio" }
      throw error
    }
  }
}
