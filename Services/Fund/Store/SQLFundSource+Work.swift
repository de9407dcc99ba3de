import FundDomain
import Kernel
import Storage

/// What day ends, projections and the further instruments read.
extension SQLFundSource {
  func transfer(number: Int64) throws -> Transfer? {
    let row = try session.first(
      "SELECT \(LedgerRows.transferColumns) FROM fund_transfer WHERE number = ?", [.integer(number)]
    ) { try LedgerRows.transfer($0, pool: poolOf) }
    return try row ?? chunk(holding: number)?.transfer(number, pool: poolOf)
  }

  func postedByDay(account number: Int64) throws -> [PostedDay] {
    try session.query(
      "SELECT day, debits - credits FROM fund_day WHERE account = ? ORDER BY day", [.integer(number)]
    ) { PostedDay(day: try $0.day(0), change: try $0.int64(1)) }
  }

  func closedThrough(pool: String) throws -> BusinessDate? {
    func read() throws -> BusinessDate? {
      try session.first("SELECT closed_through FROM fund_pool WHERE id = ?", [.text(pool)]) { try $0.optionalDay(0) }
        ?? nil
    }
    guard let cache else { return try read() }
    return try cache.closedThrough(pool, read)
  }

  func postedTotals(account number: Int64, through day: BusinessDate) throws -> [(debits: Int64, credits: Int64)] {
    try session.query(
      "SELECT debits, credits FROM fund_day WHERE account = ? AND day <= ? ORDER BY day",
      [.integer(number), .day(day)]
    ) { (debits: try $0.int64(0), credits: try $0.int64(1)) }
  }

  // MARK: Guarantees

  func facilities(ofPool id: String) throws -> [Facility] {
    try session.query(
      "SELECT \(FundRows.facilityColumns) FROM fund_facility WHERE pool = ? ORDER BY id", [.text(id)],
      FundRows.facility)
  }

  func facilityYears(_ facility: String) throws -> [FacilityYear] {
    try session.query(
      "SELECT \(FundRows.facilityYearColumns) FROM fund_facility_year WHERE facility = ? ORDER BY year",
      [.text(facility)], FundRows.facilityYear)
  }

  func forEachFeeInForce(pool: String, _ body: (FeeInForce) throws -> Void) throws {
    try session.scan(
      """
      SELECT fee - reguarantee_fee, in_force_day, matures_day FROM fund_guarantee
      WHERE pool = ? AND state IN (2, 6) AND in_force_day IS NOT NULL
      """, [.text(pool)]
    ) { row in
      try body(FeeInForce(net: try row.int64(0), from: try row.day(1), to: try row.day(2)))
      return true
    }
  }

  func forEachOpenClaim(pool: String, _ body: (OpenClaim) throws -> Void) throws {
    try session.scan(
      """
      SELECT c.paid_day, c.borne_guarantor - c.returned_guarantor FROM fund_guarantee AS g
      JOIN fund_claim AS c ON c.guarantee = g.id WHERE g.pool = ? AND g.state = 7 AND c.paid_day IS NOT NULL
      """, [.text(pool)]
    ) { row in
      try body(OpenClaim(paidOn: try row.day(0), open: try row.int64(1)))
      return true
    }
  }

  func maturingLiability(pool: String, through day: BusinessDate) throws -> [MaturingLiability] {
    try session.query(
      """
      SELECT facility, matures_day, SUM(guaranteed), 0 FROM fund_guarantee
      WHERE pool = ? AND state IN (2, 6) AND state = 2 AND matures_day <= ?
      GROUP BY facility, matures_day
      UNION ALL
      SELECT facility, matures_day, SUM(guaranteed), 1 FROM fund_guarantee
      WHERE pool = ? AND state = 1 AND matures_day <= ?
      GROUP BY facility, matures_day ORDER BY 2, 1, 4
      """, [.text(pool), .day(day), .text(pool), .day(day)]
    ) {
      MaturingLiability(
        facility: try $0.text(0), maturesOn: try $0.day(1), liability: try $0.int64(2), isReserved: try $0.int64(3) == 1
      )
    }
  }

  func pendingClaimPayout(pool: String) throws -> Int64 {
    try session.first(
      """
      SELECT COALESCE(SUM(c.principal + c.interest - c.borne_bank), 0) FROM fund_guarantee AS g
      JOIN fund_claim AS c ON c.guarantee = g.id WHERE g.pool = ? AND g.state = 6
      """, [.text(pool)]
    ) { try $0.int64(0) } ?? 0
  }

  // MARK: Bridge loans

  func forEachBridgeExposure(pool: String, _ body: (BridgeExposure) throws -> Void) throws {
    try session.scan(
      """
      SELECT \(BridgeRows.exposureColumns) FROM fund_bridge_loan WHERE pool = ? AND state IN (3, 4, 6) ORDER BY id
      """, [.text(pool)]
    ) { row in
      try body(try BridgeRows.exposure(row))
      return true
    }
  }

  func queuedBridgeLoans(pool: String) throws -> [BridgeLoan] {
    try session.query(
      "SELECT \(BridgeRows.loanColumns) FROM fund_bridge_loan WHERE pool = ? AND state = 8 ORDER BY id",
      [.text(pool)], BridgeRows.loan
    ).sorted(by: BridgeLoan.isServedBefore)
  }

  func bridgeProgrammes(ofPool id: String) throws -> [BridgeProgramme] {
    try session.query(
      "SELECT \(BridgeRows.programmeColumns) FROM fund_bridge_programme WHERE pool = ? ORDER BY id", [.text(id)],
      BridgeRows.programme)
  }

  // MARK: Records

  /// A window that a bank's statement spans holds no more than this; a longer statement is imported in parts.
  static let maximumMovements = 200_000

  func unmatchedCash(pool: String, from: BusinessDate, through day: BusinessDate) throws -> [CashMovement] {
    try cashMovements(
      pool: pool, from: from, through: day, after: 0, limit: Self.maximumMovements, unmatchedOnly: true)
  }

  func record<R: FundRecord>(_ type: R.Type, _ id: String) throws -> R? {
    try session.first("SELECT body FROM fund_record WHERE kind = ? AND id = ?", [.code(R.kind), .text(id)]) {
      try JSONColumn.decodeValue(try $0.text(0), as: R.self)
    }
  }

  func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) throws -> [R] {
    let selection = RecordRows.selection(R.kind, query)
    return try session.query("SELECT body FROM fund_record \(selection.sql)", selection.arguments) {
      try JSONColumn.decodeValue(try $0.text(0), as: R.self)
    }
  }
}
