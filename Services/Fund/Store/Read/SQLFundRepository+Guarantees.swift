package import FundDomain
package import Kernel
import Storage

extension SQLFundRepository {
  package func facility(_ id: String) async throws -> FacilityView {
    try await read { source in
      guard let facility = try source.facility(id) else { throw DomainError.notFound("facilities/\(id)") }
      return try Self.view(of: facility, source)
    }
  }

  package func facilities(
    ofPool pool: String?, agreedWith bank: String?, after key: String?, limit: Int
  ) async throws -> FundPage<FacilityView> {
    try await read { source in
      let selection = Selection(
        after: key, limit: limit, column: "id", ("pool", pool),
        oneOf: ("bank", bank.map { [$0, Facility.anyBank] }))
      let facilities = try source.session.query(
        "SELECT \(FundRows.facilityColumns) FROM fund_facility \(selection.sql)", selection.arguments,
        FundRows.facility)
      return FundPage(
        rows: try facilities.map { try Self.view(of: $0, source) }, limit: limit, key: \.facility.id)
    }
  }

  private static func view(of facility: Facility, _ source: SQLFundSource) throws -> FacilityView {
    let liability = try source.account(
      id: AccountID.make(pool: facility.pool, code: ChartOfAccounts.liability(of: facility.id)))
    let year = try source.session.first(
      """
      SELECT \(FundRows.facilityYearColumns) FROM fund_facility_year
      WHERE facility = ? AND claims_pending + claims_paid > 0 ORDER BY year DESC LIMIT 1
      """, [.text(facility.id)], FundRows.facilityYear)
    let rate = try year.flatMap {
      try ClaimRate($0, basis: facility.claimRateBasis, releasedShare: facility.releasedShare).rate
    }
    return FacilityView(facility: facility, liability: liability?.balances ?? .zero, claimRate: rate)
  }

  package func guarantee(_ id: String) async throws -> Guarantee {
    try await read { source in
      guard let guarantee = try source.guarantee(id) else { throw DomainError.notFound("guarantees/\(id)") }
      return guarantee
    }
  }

  package func guarantees(
    _ filter: GuaranteeFilter, after key: String?, limit: Int
  ) async throws -> FundPage<Guarantee> {
    try await read { source in
      let selection = Selection(
        after: key, limit: limit, column: "g.id", ("g.facility", filter.facility), ("g.journey", filter.journey),
        ("g.borrower", filter.borrower), state: ("g.state", filter.state?.rawValue))
      let found = try source.session.query(
        "\(GuaranteeRows.select) \(selection.sql)", selection.arguments, GuaranteeRows.guarantee)
      return FundPage(rows: found, limit: limit, key: \.id)
    }
  }

  package func bookSummary(ofFacility id: String) async throws -> BookSummary {
    try await read { source in
      guard let facility = try source.facility(id) else { throw DomainError.notFound("facilities/\(id)") }
      let sums = BookRows.totalColumns.split(separator: ",").map { "COALESCE(SUM(\($0)), 0)" }.joined(separator: ", ")
      let totals = try source.session.first(
        "SELECT \(sums), COUNT(*) FROM fund_lender_total WHERE facility = ?", [.text(id)]
      ) { (try BookRows.totals($0, from: 0), try $0.int64(BookTotals.fields.count)) }
      let refused = try source.session.first(
        "SELECT COUNT(*) FROM fund_book_refusal WHERE facility = ?", [.text(id)]
      ) { try $0.int64(0) }
      return BookSummary(
        facility: id, currency: facility.currency, totals: totals?.0 ?? BookTotals(), refused: refused ?? 0,
        lenders: totals?.1 ?? 0, findings: try Self.findings(id, source))
    }
  }

  private static func findings(_ facility: String, _ source: SQLFundSource) throws -> [BookSummary.FindingCount] {
    var counts: [BookFinding: Int64] = [:]
    for table in ["fund_book_row", "fund_book_refusal"] {
      try source.session.scan(
        "SELECT findings, COUNT(*) FROM \(table) WHERE facility = ? AND findings <> 0 GROUP BY findings",
        [.text(facility)]
      ) { row in
        for finding in BookFindings(rawValue: try row.int64(0)).list { counts[finding, default: 0] += try row.int64(1) }
        return true
      }
    }
    return BookFinding.allCases.compactMap { finding in
      counts[finding].map { BookSummary.FindingCount(finding: finding, rows: $0) }
    }
  }

  package func lenderTotals(
    ofFacility id: String, after lender: String?, limit: Int
  ) async throws -> (currency: Currency, page: FundPage<LenderTotals>) {
    try await read { source in
      guard let facility = try source.facility(id) else { throw DomainError.notFound("facilities/\(id)") }
      // The missing name sorts first and must appear on the first page.
      let from = lender == nil ? ">=" : ">"
      let rows = try source.session.query(
        """
        SELECT lender, \(BookRows.totalColumns) FROM fund_lender_total WHERE facility = ? AND lender \(from) ?
        ORDER BY lender LIMIT ?
        """, [.text(id), .text(lender ?? ""), .integer(Int64(limit) + 1)]
      ) { LenderTotals(lender: try $0.text(0), totals: try BookRows.totals($0, from: 1)) }
      return (facility.currency, FundPage(rows: rows, limit: limit, key: \.lender))
    }
  }
}
