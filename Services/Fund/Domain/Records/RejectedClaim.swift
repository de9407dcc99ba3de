package import Kernel

/// A claim that was turned down, as it was submitted, with its evidence and who turned it down.
package struct RejectedClaim: FundRecord {
  package static let kind = RecordKind.rejectedClaim
  package let id: String
  package let pool: String
  /// Id of the guarantee.
  package let guarantee: String
  package let currency: Currency
  package let claim: Claim
  package let reason: String
  package let rejectedOn: BusinessDate
  package let stamp: RecordStamp

  package var owner: String { guarantee }
}

extension FundTransaction {
  /// Keeps a claim that is turned down beside the guarantee, which may be claimed under again.
  func keepRejected(_ claim: Claim, of guarantee: Guarantee, reason: String, on day: BusinessDate, at now: Instant)
    throws
  {
    let earlier = try records(RejectedClaim.self, RecordQuery(owner: guarantee.id)).count
    save(
      RejectedClaim(
        id: "\(guarantee.id).\(NumberedID.make(Int64(earlier) + 1))", pool: guarantee.pool, guarantee: guarantee.id,
        currency: guarantee.currency, claim: claim, reason: reason, rejectedOn: day, stamp: RecordStamp(now)))
  }
}
