import Kernel
import Policy

extension FundTransaction {
  /// Measures a facility's claim rate after a claim changed and trips the breaker (熔断) when it lies above the cap of
  /// the day. The claim itself goes on: what is owed is paid, only new business stops.
  func checkBreaker(_ facility: Facility, year: FacilityYear, _ context: DecisionContext, on date: BusinessDate) throws
  {
    if facility.breaker == .tripped { return }
    let rate = try ClaimRate(year, basis: facility.claimRateBasis, releasedShare: facility.releasedShare)
    guard try isCrossed(facility, rate, context, on: date) else { return }
    if let accepted = try acceptedClaims(of: facility, in: year.year), rate.claims <= accepted { return }
    var tripped = facility
    tripped.breaker = .tripped
    tripped.updateTime = context.now
    tripped.revision += 1
    save(tripped)
    emit(.breakerTripped, tripped, claimRate: rate.rate, on: date)
  }

  /// Keeps with a reset which claims of every year it accepts.
  func acceptClaims(of facility: Facility) throws {
    guard var decision = authorised.last(where: { $0.step == .breakerReset && $0.subject == facility.name }) else {
      return
    }
    decision.accepted = try facilityYears(facility.id).map { year in
      Decision.AcceptedYear(
        year: year.year,
        claims: try ClaimRate(year, basis: facility.claimRateBasis, releasedShare: facility.releasedShare).claims)
    }
    authorise(decision)
  }

  /// Claims of the year that the latest reset accepted; nil when the breaker was never reset.
  private func acceptedClaims(of facility: Facility, in year: Int) throws -> Int64? {
    let resets = try decisions(.breakerReset, of: facility.name).filter { $0.state == .done }
    let latest = resets.max { $0.stamp.createTime < $1.stamp.createTime }
    return latest?.accepted?.first { $0.year == year }?.claims
  }

  private func isCrossed(
    _ facility: Facility, _ rate: ClaimRate, _ context: DecisionContext, on date: BusinessDate
  ) throws -> Bool {
    if let explicit = facility.explicitClaimRateCap, rate.exceeds(explicit, inclusive: true) { return true }
    let scope = PolicyScope(
      region: try pool(facility.pool).regionCode, product: facility.product,
      attributes: PolicyAttributes(relendingScope: facility.relendingScope))
    if let stated = try context.policy.parameterIfStated("claim_rate.cap", as: .rate, scope: scope, on: date) {
      return rate.exceeds(stated.value, inclusive: stated.inclusive)
    }
    // No pack states one any more: the cap the facility was opened under goes on.
    return rate.exceeds(facility.claimRateCap, inclusive: true)
  }
}
