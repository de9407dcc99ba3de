import FundDomain
import Kernel
import Storage

/// Rows of pools and facilities as values.
enum FundRows {
  static let poolColumns = """
    id, display_name, currency, region_code, seed_capital, create_time, last_day_end, update_time, revision, \
    closed_through, accrued_through
    """

  static func pool(_ row: Row) throws -> Pool {
    Pool(
      id: try row.text(0), displayName: try row.text(1), currency: try row.currency(2), regionCode: try row.text(3),
      seedCapital: try row.int64(4), createTime: try row.instant(5), lastDayEnd: try row.optionalDay(6),
      closedThrough: try row.optionalDay(9), accruedThrough: try row.optionalDay(10), updateTime: try row.instant(7),
      revision: try row.int64(8))
  }

  static let facilityColumns = """
    id, pool, currency, display_name, bank, product, relending_scope, bank_ppm, guarantor_ppm, reguarantor_ppm, \
    national_ppm, city_ppm, fee_ppm, reguarantee_fee_ppm, explicit_fee_cap_ppm, claim_rate_cap_ppm, \
    explicit_claim_rate_cap_ppm, claim_rate_basis, released_share_ppm, limit_minor, affiliate_window_days, day_count, \
    citations, breaker, create_time, update_time, revision, requires_application, borrower_cap, reguarantee_day_count
    """

  static func facility(_ row: Row) throws -> Facility {
    Facility(
      id: try row.text(0), pool: try row.text(1), currency: try row.currency(2), displayName: try row.text(3),
      bank: try row.text(4), product: try row.text(5), relendingScope: try row.flag(6),
      shares: try LiabilityShares(
        bankPPM: try row.int64(7), guarantorPPM: try row.int64(8), reguarantorPPM: try row.int64(9),
        nationalPPM: try row.int64(10), cityPPM: try row.int64(11)),
      feeRate: Rate(ppm: try row.int64(12)), reguaranteeFeeRate: Rate(ppm: try row.int64(13)),
      explicitFeeCap: try row.optionalRate(14), claimRateCap: Rate(ppm: try row.int64(15)),
      explicitClaimRateCap: try row.optionalRate(16), claimRateBasis: try row.code(17),
      releasedShare: Rate(ppm: try row.int64(18)), limit: try row.int64(19), affiliateWindowDays: try row.int(20),
      dayCount: row.isNull(21) ? nil : try row.code(21),
      reguaranteeDayCount: row.isNull(29) ? nil : try row.code(29), citations: try JSONColumn.decode(try row.text(22)),
      createTime: try row.instant(24), breaker: try row.code(23), updateTime: try row.instant(25),
      revision: try row.int64(26), contracting: try row.flag(27) ? .application : .agreement,
      borrowerCap: try row.optionalInt64(28))
  }

  static func values(_ facility: Facility) throws -> [SQLValue] {
    let shares = facility.shares
    return [
      .text(facility.id), .text(facility.pool), .text(facility.currency.code), .text(facility.displayName),
      .text(facility.bank), .text(facility.product), .flag(facility.relendingScope), .integer(shares.bankPPM),
      .integer(shares.guarantorPPM), .integer(shares.reguarantorPPM), .integer(shares.nationalPPM),
      .integer(shares.cityPPM), .ppm(facility.feeRate), .ppm(facility.reguaranteeFeeRate),
      .ppm(facility.explicitFeeCap), .ppm(facility.claimRateCap), .ppm(facility.explicitClaimRateCap),
      .code(facility.claimRateBasis), .ppm(facility.releasedShare), .integer(facility.limit),
      .integer(Int64(facility.affiliateWindowDays)), .code(facility.dayCount),
      .text(try JSONColumn.encode(facility.citations)), .code(facility.breaker), .time(facility.createTime),
      .time(facility.updateTime), .integer(facility.revision), .flag(facility.contracting == .application),
      .integer(facility.borrowerCap), .code(facility.reguaranteeDayCount),
    ]
  }

  static func facilityYear(_ row: Row) throws -> FacilityYear {
    FacilityYear(
      facility: try row.text(0), year: try row.int(1), claimsPending: try row.int64(2), claimsPaid: try row.int64(3),
      released: try row.int64(4), releasedAnnualised: try row.int64(5), committed: try row.int64(6))
  }

  static let facilityYearColumns =
    "facility, year, claims_pending, claims_paid, released, released_annualised, committed"
}
