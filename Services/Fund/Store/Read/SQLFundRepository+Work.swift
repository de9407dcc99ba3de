package import FundDomain
package import Kernel
import Storage

extension SQLFundRepository {
  // MARK: Records

  package func record<R: FundRecord>(_ type: R.Type, _ id: String, in collection: String) async throws -> R {
    try await read { source in
      guard let found = try source.record(type, id) else { throw DomainError.notFound("\(collection)/\(id)") }
      return found
    }
  }

  package func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) async throws -> FundPage<R> {
    try await read { source in
      var more = query
      more.limit = query.limit + 1
      return FundPage(rows: try source.records(type, more), limit: query.limit, key: \.id)
    }
  }

  // MARK: Ledger

  package func statement(
    of account: String, from: BusinessDate, to: BusinessDate
  ) async throws -> AccountStatement {
    try await read { source in
      guard let account = try source.account(id: account) else { throw DomainError.notFound("accounts/\(account)") }
      return try StatementReader(source: source, account: account).statement(from: from, to: to)
    }
  }

  package func inclusionProof(of number: Int64, treeSize size: Int64) async throws -> InclusionProof {
    let tree = tree
    return try await read { source in
      let head = try source.ledgerHead().transfers
      let size = size == 0 ? head : size
      guard (1...max(1, head)).contains(number), head > 0 else { throw DomainError.notFound("transfers/\(number)") }
      guard (number...head).contains(size) else {
        throw DomainError.invalid("tree_size", "the tree has between \(number) and \(head) transfers, not \(size)")
      }
      return try tree.proof(of: number, size: size, in: source)
    }
  }

  package func projection(
    ofPool id: String, from: BusinessDate, days: Int, expectedRate: Rate?
  ) async throws -> SolvencyProjection {
    try await read { source in
      guard let pool = try source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
      return try SolvencyProjection.project(source, pool: pool, from: from, days: days, expectedRate: expectedRate)
    }
  }

  package func unmatchedCash(
    ofPool id: String, through day: BusinessDate, after number: Int64, limit: Int
  ) async throws -> (currency: Currency, page: FundPage<CashMovement>) {
    try await read { source in
      guard let pool = try source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
      let movements = try source.cashMovements(
        pool: id, from: nil, through: day, after: number, limit: limit + 1, unmatchedOnly: true)
      return (pool.currency, FundPage(rows: movements, limit: limit) { "\($0.number)" })
    }
  }

  // MARK: Guarantees

  package func facilityReport(_ id: String, from: BusinessDate, to: BusinessDate) async throws -> FacilityReport {
    let rules = rules
    return try await read { source in
      guard let facility = try source.facility(id) else { throw DomainError.notFound("facilities/\(id)") }
      guard let pool = try source.pool(facility.pool) else { throw Packed.damaged("\(facility.name) has no pool") }
      if to < from { throw DomainError.invalid("to", "\(to) lies before \(from)") }
      var report = FacilityReport(facility: facility, from: from, to: to)
      try source.fill(&report, small: try rules.smallAmount(pool, facility, on: to))
      report.years = try source.facilityYears(id)
      report.shares = try rules.composition(report, pool)
      return report
    }
  }

  // MARK: Compensation and subsidies

  package func scheme(_ id: String) async throws -> SchemeView {
    try await read { source in
      guard let scheme = try source.record(CompensationScheme.self, id) else {
        throw DomainError.notFound("compensationSchemes/\(id)")
      }
      return try source.view(of: scheme)
    }
  }

  package func schemes(ofPool pool: String, after key: String?, limit: Int) async throws -> FundPage<SchemeView> {
    try await read { source in
      let found = try source.records(
        CompensationScheme.self, RecordQuery(owner: pool, after: key ?? "", limit: limit + 1))
      return FundPage(rows: try found.map(source.view), limit: limit, key: \.scheme.id)
    }
  }

  package func subsidyProgramme(_ id: String) async throws -> ProgrammeView {
    try await read { source in
      guard let programme = try source.record(SubsidyProgramme.self, id) else {
        throw DomainError.notFound("subsidyProgrammes/\(id)")
      }
      return try source.view(of: programme)
    }
  }

  package func subsidyProgrammes(
    ofPool pool: String, after key: String?, limit: Int
  ) async throws -> FundPage<ProgrammeView> {
    try await read { source in
      let found = try source.records(
        SubsidyProgramme.self, RecordQuery(owner: pool, after: key ?? "", limit: limit + 1))
      return FundPage(rows: try found.map(source.view), limit: limit, key: \.programme.id)
    }
  }

  // MARK: Bridge loans

  package func bridgeQueue(ofPool id: String) async throws -> (currency: Currency, loans: [BridgeLoan]) {
    try await read { source in
      guard let pool = try source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
      return (pool.currency, try source.queuedBridgeLoans(pool: id))
    }
  }

  package func bridgeTurnover(
    _ programme: String, from: BusinessDate, to: BusinessDate
  ) async throws -> BridgeTurnover {
    try await read { source in
      guard let programme = try source.bridgeProgramme(programme) else {
        throw DomainError.notFound("bridgeProgrammes/\(programme)")
      }
      if to < from { throw DomainError.invalid("to", "\(to) lies before \(from)") }
      return try source.turnover(of: programme, from: from, to: to)
    }
  }
}

extension SQLFundSource {
  func view(of scheme: CompensationScheme) throws -> SchemeView {
    let codes = [ChartOfAccounts.compensation(of: scheme.id), ChartOfAccounts.reward(of: scheme.id)]
    let paid = try codes.reduce(Int64(0)) {
      $0 + (try account(id: AccountID.make(pool: scheme.pool, code: $1))?.balance.minorUnits ?? 0)
    }
    return SchemeView(scheme: scheme, paid: paid)
  }

  func view(of programme: SubsidyProgramme) throws -> ProgrammeView {
    let code = ChartOfAccounts.subsidy(of: programme.id)
    return ProgrammeView(
      programme: programme, account: try account(id: AccountID.make(pool: programme.pool, code: code)))
  }

  func fill(_ report: inout FacilityReport, small: Int64?) throws {
    let span: [SQLValue] = [.text(report.facility.id), .day(report.from), .day(report.to)]
    var found = report
    try session.scan(
      """
      SELECT COUNT(*), COALESCE(SUM(principal), 0), COALESCE(SUM(fee), 0), COALESCE(SUM(reguarantee_fee), 0)
      FROM fund_guarantee WHERE facility = ? AND in_force_day IS NOT NULL AND in_force_day BETWEEN ? AND ?
      """, span
    ) { row in
      found.committed = .init(count: try row.int64(0), amount: try row.int64(1))
      found.fees = try row.int64(2)
      found.reguaranteeFees = try row.int64(3)
      return false
    }
    try session.scan(
      """
      SELECT COUNT(*), COALESCE(SUM(principal), 0) FROM fund_guarantee
      WHERE facility = ? AND ended_day IS NOT NULL AND ended_day BETWEEN ? AND ? AND state = 5
      """, span
    ) { row in
      found.released = .init(count: try row.int64(0), amount: try row.int64(1))
      return false
    }
    try session.scan(
      """
      SELECT COUNT(*), COALESCE(SUM(c.principal + c.interest), 0) FROM fund_guarantee AS g
      JOIN fund_claim AS c ON c.guarantee = g.id WHERE g.facility = ? AND c.paid_day BETWEEN ? AND ?
      """, span
    ) { row in
      found.paidClaims = .init(count: try row.int64(0), amount: try row.int64(1))
      return false
    }
    try session.scan(
      """
      SELECT COUNT(*), COALESCE(SUM(principal), 0),
        COALESCE(SUM(CASE WHEN agricultural = 1 OR borrower_size IN (1, 2) THEN principal ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN household_total <= ? THEN principal ELSE 0 END), 0)
      FROM fund_guarantee WHERE facility = ? AND state IN (2, 6) AND pool = ?
      """,
      [.integer(small ?? Int64.max), .text(report.facility.id), .text(report.facility.pool)]
    ) { row in
      found.inForce = .init(count: try row.int64(0), amount: try row.int64(1))
      found.smallAndAgricultural = try row.int64(2)
      found.smallAmount = try row.int64(3)
      return false
    }
    try session.scan(
      """
      SELECT fee_ppm, SUM(principal) FROM fund_guarantee WHERE facility = ? AND state IN (2, 6) AND pool = ?
      GROUP BY fee_ppm
      """, [.text(report.facility.id), .text(report.facility.pool)]
    ) { row in
      found.weightedFees += Int128(try row.int64(0)) * Int128(try row.int64(1))
      return true
    }
    report = found
  }

  func turnover(of programme: BridgeProgramme, from: BusinessDate, to: BusinessDate) throws -> BridgeTurnover {
    let span: [SQLValue] = [.text(programme.id), .day(from), .day(to)]
    var turnover = BridgeTurnover(programme: programme)
    try session.scan(
      """
      SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM fund_bridge_loan
      WHERE programme = ? AND disbursed_day IS NOT NULL AND disbursed_day BETWEEN ? AND ?
      """, span
    ) { row in
      turnover.disbursed = .init(count: try row.int64(0), amount: try row.int64(1))
      return false
    }
    var (weighted, principal): (Int128, Int128) = (0, 0)
    try session.scan(
      """
      SELECT amount, fee, repaid_day - disbursed_day FROM fund_bridge_loan
      WHERE programme = ? AND repaid_day IS NOT NULL AND repaid_day BETWEEN ? AND ?
      """, span
    ) { row in
      turnover.repaid.count += 1
      turnover.repaid.amount += try row.int64(0)
      turnover.fees += try row.int64(1)
      weighted += Int128(try row.int64(0)) * Int128(try row.int64(2))
      principal += Int128(try row.int64(0))
      return true
    }
    turnover.meanDaysMilli = principal == 0 ? 0 : try ExactRatio.round(weighted * 1000, dividedBy: principal)
    try session.scan(
      """
      SELECT COALESCE(SUM(CASE WHEN state IN (4, 6) THEN amount ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN state = 6 THEN amount ELSE 0 END), 0)
      FROM fund_bridge_loan WHERE pool = ? AND state IN (3, 4, 6) AND programme = ?
      """, [.text(programme.pool), .text(programme.id)]
    ) { row in
      turnover.outstanding = try row.int64(0)
      turnover.overdue = try row.int64(1)
      return false
    }
    if let cash = try account(id: AccountID.make(pool: programme.pool, code: ChartOfAccounts.cash)) {
      let balances = cash.balances
      turnover.freeCash = balances.debitsPosted - balances.creditsPosted - balances.creditsPending
    }
    return turnover
  }

  /// Movements of the pool's cash in the order of their numbers. The days know the first and the last transfer posted with
  /// them, so that nothing outside is read, and whether a movement belongs to a line already is looked up by its number.
  func cashMovements(
    pool: String, from: BusinessDate?, through day: BusinessDate, after number: Int64, limit: Int, unmatchedOnly: Bool
  ) throws -> [CashMovement] {
    guard let cash = try account(id: AccountID.make(pool: pool, code: ChartOfAccounts.cash)),
      let span = try numbers(postedOn: cash.number, from: from, through: day)
    else { return [] }
    let first = max(number + 1, span.lowerBound)
    if first > span.upperBound { return [] }
    var movements: [CashMovement] = []
    try forEachTouching(cash.number, from: first) { candidates in
      for candidate in candidates where candidate >= first {
        if candidate > span.upperBound || movements.count >= limit { return false }
        guard let transfer = try transfer(number: candidate), transfer.phase.posts, transfer.businessDate <= day,
          from.map({ transfer.businessDate >= $0 }) ?? true,
          let leg = transfer.legs.first(where: { $0.account == cash.number })
        else { continue }
        if unmatchedOnly, try record(CashMatch.self, CashMatch.id(of: candidate)) != nil { continue }
        movements.append(
          CashMovement(
            number: candidate, businessDate: transfer.businessDate, amount: leg.amount,
            reference: transfer.reference))
      }
      return movements.count < limit
    }
    return movements
  }

  /// The numbers between which everything lies that was posted on the account with these value dates; nil for nothing.
  private func numbers(
    postedOn account: Int64, from: BusinessDate?, through day: BusinessDate
  ) throws -> ClosedRange<Int64>? {
    let found = try session.first(
      """
      SELECT MIN(first_transfer), MAX(last_transfer) FROM fund_day
      WHERE account = ? AND day >= ? AND day <= ?
      """,
      [.integer(account), from.map(SQLValue.day) ?? .integer(Int64(Int32.min)), .day(day)]
    ) { row in (try row.optionalInt64(0), try row.optionalInt64(1)) }
    guard let found, let first = found.0, let last = found.1, first <= last else { return nil }
    return first...last
  }
}
