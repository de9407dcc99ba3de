import FundDomain
import Kernel
import Storage

/// Rows of guarantees and their claims as values.
enum GuaranteeRows {
  /// Of `fund_guarantee AS g LEFT JOIN fund_claim AS c`.
  static let columns = """
    g.id, g.facility, g.pool, g.currency, g.journey, g.borrower, g.lender, g.reserved_day, g.create_time, g.state, \
    g.principal, g.guaranteed, g.fee_ppm, g.household_total, g.expires_day, g.matures_day, g.citations, g.transfers, \
    g.fee, g.reguarantee_fee, g.in_force_day, g.ended_day, g.remark, g.update_time, g.revision, c.guarantee, \
    c.principal, c.interest, c.borne_bank, c.borne_guarantor, c.borne_reguarantor, c.borne_national, c.borne_city, \
    c.maker_organisation, c.maker_subject, c.checker_organisation, c.checker_subject, c.submitted_day, c.paid_day, \
    c.evidence, c.recovered, c.returned_bank, c.returned_guarantor, c.returned_reguarantor, c.returned_national, \
    c.returned_city, g.borrower_size, g.agricultural, g.purpose
    """

  static let select =
    "SELECT \(columns) FROM fund_guarantee AS g LEFT JOIN fund_claim AS c ON c.guarantee = g.id"

  static func guarantee(_ row: Row) throws -> Guarantee {
    var guarantee = Guarantee(
      id: try row.text(0), facility: try row.text(1), pool: try row.text(2), currency: try row.currency(3),
      journey: try row.text(4), borrower: try row.text(5), lender: try row.text(6), reservedOn: try row.day(7),
      createTime: try row.instant(8), state: try row.code(9), principal: try row.int64(10),
      guaranteedAmount: try row.int64(11), feeRate: Rate(ppm: try row.int64(12)), householdTotal: try row.int64(13),
      expiresOn: try row.day(14), maturesOn: try row.day(15), citations: try JSONColumn.decode(try row.text(16)),
      transfers: try Packed.ascending(try row.blob(17)))
    guarantee.fee = try row.int64(18)
    guarantee.reguaranteeFee = try row.int64(19)
    guarantee.inForceFrom = try row.optionalDay(20)
    guarantee.endedOn = try row.optionalDay(21)
    guarantee.remark = try row.text(22)
    guarantee.updateTime = try row.instant(23)
    guarantee.revision = try row.int64(24)
    guarantee.borrowerSize = row.isNull(46) ? nil : try row.code(46)
    guarantee.isAgricultural = try row.flag(47)
    guarantee.purpose = try row.text(48)
    if !row.isNull(25) { guarantee.claim = try claim(row) }
    return guarantee
  }

  private static func claim(_ row: Row) throws -> Claim {
    var claim = Claim(
      principal: try row.int64(26), interest: try row.int64(27), borne: try split(row, from: 28),
      maker: Officer(organisation: try row.text(33), subject: try row.text(34)), submittedOn: try row.day(37),
      paidOn: try row.optionalDay(38), evidence: try JSONColumn.decode(try row.text(39)),
      recovered: try row.int64(40), returned: try split(row, from: 41))
    if let organisation = try row.optionalText(35), let subject = try row.optionalText(36) {
      claim.checker = Officer(organisation: organisation, subject: subject)
    }
    return claim
  }

  private static func split(_ row: Row, from index: Int) throws -> LiabilitySplit {
    LiabilitySplit(
      bank: try row.int64(index), guarantor: try row.int64(index + 1), reguarantor: try row.int64(index + 2),
      national: try row.int64(index + 3), city: try row.int64(index + 4))
  }

  static let upsert = """
    INSERT INTO fund_guarantee (id, facility, pool, currency, journey, borrower, lender, reserved_day, create_time,
      state, principal, guaranteed, fee_ppm, household_total, expires_day, matures_day, citations, transfers, fee,
      reguarantee_fee, in_force_day, ended_day, remark, update_time, revision, borrower_size,
      agricultural, purpose)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, principal = excluded.principal,
      guaranteed = excluded.guaranteed, matures_day = excluded.matures_day, citations = excluded.citations, transfers = excluded.transfers,
      fee = excluded.fee, reguarantee_fee = excluded.reguarantee_fee, in_force_day = excluded.in_force_day,
      ended_day = excluded.ended_day, remark = excluded.remark, update_time = excluded.update_time,
      revision = excluded.revision
    """

  static func values(_ guarantee: Guarantee) throws -> [SQLValue] {
    [
      .text(guarantee.id), .text(guarantee.facility), .text(guarantee.pool), .text(guarantee.currency.code),
      .text(guarantee.journey), .text(guarantee.borrower), .text(guarantee.lender), .day(guarantee.reservedOn),
      .time(guarantee.createTime), .code(guarantee.state), .integer(guarantee.principal),
      .integer(guarantee.guaranteedAmount), .ppm(guarantee.feeRate), .integer(guarantee.householdTotal),
      .day(guarantee.expiresOn), .day(guarantee.maturesOn), .text(try JSONColumn.encode(guarantee.citations)),
      .blob(Packed.ascending(guarantee.transfers)), .integer(guarantee.fee), .integer(guarantee.reguaranteeFee),
      .day(guarantee.inForceFrom), .day(guarantee.endedOn), .text(guarantee.remark), .time(guarantee.updateTime),
      .integer(guarantee.revision), .code(guarantee.borrowerSize), .flag(guarantee.isAgricultural),
      .text(guarantee.purpose),
    ]
  }

  static let upsertClaim = """
    INSERT INTO fund_claim (guarantee, principal, interest, borne_bank, borne_guarantor, borne_reguarantor,
      borne_national, borne_city, maker_organisation, maker_subject, checker_organisation, checker_subject,
      submitted_day, paid_day, evidence, recovered, returned_bank, returned_guarantor, returned_reguarantor,
      returned_national, returned_city)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guarantee) DO UPDATE SET principal = excluded.principal, interest = excluded.interest,
      borne_bank = excluded.borne_bank, borne_guarantor = excluded.borne_guarantor,
      borne_reguarantor = excluded.borne_reguarantor, borne_national = excluded.borne_national,
      borne_city = excluded.borne_city, maker_organisation = excluded.maker_organisation,
      maker_subject = excluded.maker_subject, checker_organisation = excluded.checker_organisation,
      checker_subject = excluded.checker_subject, submitted_day = excluded.submitted_day,
      paid_day = excluded.paid_day, evidence = excluded.evidence, recovered = excluded.recovered,
      returned_bank = excluded.returned_bank, returned_guarantor = excluded.returned_guarantor,
      returned_reguarantor = excluded.returned_reguarantor, returned_national = excluded.returned_national,
      returned_city = excluded.returned_city
    """

  static func values(_ claim: Claim, of guarantee: String) throws -> [SQLValue] {
    [.text(guarantee), .integer(claim.principal), .integer(claim.interest)]
      + claim.borne.parts.map(SQLValue.integer)
      + [
        .text(claim.maker.organisation), .text(claim.maker.subject), .text(claim.checker?.organisation),
        .text(claim.checker?.subject), .day(claim.submittedOn), .day(claim.paidOn),
        .text(try JSONColumn.encode(claim.evidence)), .integer(claim.recovered),
      ]
      + claim.returned.parts.map(SQLValue.integer)
  }
}
