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

  package var id: String
  package var pool: String
  package var displayName: String
  package var product: String
  package var explicitRatio: Rate?
  package var paysProvincialReward: Bool
  package var firmCap: Money?
  package var poolCap: Money?
  package var stopLoss: Rate?
  package var businessDate: BusinessDate

  package init(
    id: String, pool: String, displayName: String, product: String, explicitRatio: Rate?, paysProvincialReward: Bool,
    firmCap: Money?, poolCap: Money?, stopLoss: Rate?, businessDate: BusinessDate
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
    let scheme = CompensationScheme(
      id: id, pool: pool.id, currency: pool.currency, displayName: displayName, product: product,
      explicitRatio: explicitRatio, paysProvincialReward: paysProvincialReward, firmCap: firmCap?.minorUnits,
      poolCap: cap, stopLoss: stopLoss, citations: reading.citations.map(Citation.init), registered: 0,
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
