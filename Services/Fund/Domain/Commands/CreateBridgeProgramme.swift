package import Kernel

/// Opens a programme of bridge loans under a pool.
package struct CreateBridgeProgramme: FundCommand {
  package var id: String
  package var pool: String
  package var displayName: String
  package var product: String
  package var explicitDailyFee: Rate?
  package var explicitMaximumDays: Int?
  package var businessDate: BusinessDate
  /// Daily penalty on principal after the due day; nil for none.
  package var penaltyRate: Rate?

  package init(
    id: String, pool: String, displayName: String, product: String, explicitDailyFee: Rate?, explicitMaximumDays: Int?,
    businessDate: BusinessDate
  ) {
    self.id = id
    self.pool = pool
    self.displayName = displayName
    self.product = product
    self.explicitDailyFee = explicitDailyFee
    self.explicitMaximumDays = explicitMaximumDays
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeProgramme {
    try Field.id(id, "programme_id", FundLimits.facilityIDLength)
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    try Field.text(product, "product", 1...64)
    if let explicitDailyFee, !(0...100_000).contains(explicitDailyFee.ppm) {
      throw DomainError.invalid("explicit_daily_fee", "a daily fee lies between 0 and 100000 ppm")
    }
    if let explicitMaximumDays, !(1...BridgeFee.maximumDays).contains(explicitMaximumDays) {
      throw DomainError.invalid("explicit_maximum_days", "1 to \(BridgeFee.maximumDays) days")
    }
    if let penaltyRate, !(0...100_000).contains(penaltyRate.ppm) {
      throw DomainError.invalid("penalty_rate", "a daily penalty lies between 0 and 100000 ppm")
    }
    try fund.requireNew(programme: id)
    let pool = try fund.pool(pool)
    var programme = BridgeProgramme(
      id: id, pool: pool.id, currency: pool.currency, displayName: displayName, product: product,
      explicitDailyFee: explicitDailyFee, explicitMaximumDays: explicitMaximumDays, createTime: context.now,
      updateTime: context.now)
    programme.terms.penaltyPPM = penaltyRate?.ppm
    fund.save(programme)
    return programme
  }
}
