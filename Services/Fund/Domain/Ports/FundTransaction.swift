import Kernel

/// One command's view of the fund: recorded state overlaid with what the command has changed so far. It has no effect
/// of its own; the store persists `ledger` and `changes` when the decision returns and forgets both when it throws.
package final class FundTransaction {
  private let source: any FundSource
  package var ledger: Ledger
  package private(set) var changes = FundChanges()
  private var savedOf: [String: Set<String>] = [:]
  private var poolAccounts: [String: [Int64]] = [:]
  private var knownBookRecords: [String: BookRecord] = [:]
  /// Controlled steps whose last officer has stepped up in this command.
  private(set) var authorised: [Decision] = []

  package init(_ source: any FundSource) throws {
    self.source = source
    ledger = try Ledger(source)
  }

  // MARK: Pools

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func pool(_ id: String) throws -> Pool {
    guard let pool = try changes.pools[id] ?? source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
    return pool
  }

  func save(_ pool: Pool) { changes.pools[pool.id] = pool }

  /// - Throws: `RESOURCE_EXISTS`.
  func requireNew(pool id: String) throws {
    if try changes.pools[id] ?? source.pool(id) != nil { throw Self.exists("pools/\(id)") }
  }

  /// Every account of the pool as this command leaves it.
  func accounts(ofPool id: String) throws -> [Account] {
    let numbers: [Int64]
    if let known = poolAccounts[id] {
      numbers = known
    } else {
      numbers = try source.accounts(ofPool: id).map(\.number)
      poolAccounts[id] = numbers
    }
    var accounts: [Account] = []
    for number in numbers + ledger.newAccounts.filter({ $0.pool == id }).map(\.number) {
      if let account = try ledger.account(number: number) { accounts.append(account) }
    }
    return accounts
  }

  /// The pool's figures with this command's postings.
  func figures(ofPool id: String) throws -> PoolFigures { PoolFigures(try accounts(ofPool: id)) }

  /// Σ debits less Σ credits of the pool, posted, with this command's postings.
  func trialDifference(ofPool id: String) throws -> Int64 {
    try accounts(ofPool: id).reduce(0) { $0 + $1.balances.posted(on: .debit) }
  }

  /// What was posted on the account with value dates up to that day.
  func postedTotals(of account: Account, through day: BusinessDate) throws -> [(debits: Int64, credits: Int64)] {
    try source.postedTotals(account: account.number, through: day)
  }

  // MARK: Facilities

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func facility(_ id: String) throws -> Facility {
    guard let facility = try changes.facilities[id] ?? source.facility(id) else {
      throw DomainError.notFound("facilities/\(id)")
    }
    return facility
  }

  func save(_ facility: Facility) { changes.facilities[facility.id] = facility }

  /// - Throws: `RESOURCE_EXISTS`.
  func requireNew(facility id: String) throws {
    if try source.facility(id) != nil { throw Self.exists("facilities/\(id)") }
  }

  func facilityYear(_ facility: String, _ year: Int) throws -> FacilityYear {
    try changes.facilityYears[FacilityYearKey(facility: facility, year: year)] ?? source.facilityYear(facility, year)
      ?? FacilityYear(facility: facility, year: year)
  }

  func save(_ year: FacilityYear) {
    changes.facilityYears[FacilityYearKey(facility: year.facility, year: year.year)] = year
  }

  func facilities(ofPool id: String) throws -> [Facility] {
    try source.facilities(ofPool: id).map { changes.facilities[$0.id] ?? $0 }
  }

  func facilityYears(_ facility: String) throws -> [FacilityYear] {
    try source.facilityYears(facility).map {
      changes.facilityYears[FacilityYearKey(facility: facility, year: $0.year)] ?? $0
    }
  }

  // MARK: Guarantees

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func guarantee(_ id: String) throws -> Guarantee {
    guard let guarantee = try changes.guarantees[id] ?? source.guarantee(id) else {
      throw DomainError.notFound("guarantees/\(id)")
    }
    return guarantee
  }

  func save(_ guarantee: Guarantee) {
    changes.guarantees[guarantee.id] = guarantee
    if !guarantee.borrower.isEmpty { savedOf[guarantee.borrower, default: []].insert(guarantee.id) }
  }

  /// The guarantee if there is one.
  func guaranteeIfAny(_ id: String) throws -> Guarantee? { try changes.guarantees[id] ?? source.guarantee(id) }

  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee] {
    let keys = Set(keys).filter { !$0.isEmpty }
    var found: [String: Guarantee] = [:]
    for guarantee in try source.guarantees(ofBorrowers: keys.sorted(), reservedSince: day) {
      found[guarantee.id] = guarantee
    }
    for key in keys {
      for id in savedOf[key] ?? [] { found[id] = changes.guarantees[id] }
    }
    return found.values.sorted { $0.id < $1.id }
  }

  func forEachFeeInForce(pool: String, _ body: (FeeInForce) throws -> Void) throws {
    try source.forEachFeeInForce(pool: pool, body)
  }

  func forEachOpenClaim(pool: String, _ body: (OpenClaim) throws -> Void) throws {
    try source.forEachOpenClaim(pool: pool, body)
  }

  func lapsedReservations(pool: String, lastDay: BusinessDate) throws -> [Guarantee] {
    try source.lapsedReservations(pool: pool, lastDay: lastDay)
  }

  func lapsedPendings(pool: String, lastDay: BusinessDate) throws -> [PendingTransfer] {
    try source.lapsedPendings(pool: pool, lastDay: lastDay)
  }

  // MARK: Bridge loans

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func bridgeProgramme(_ id: String) throws -> BridgeProgramme {
    guard let programme = try changes.bridgeProgrammes[id] ?? source.bridgeProgramme(id) else {
      throw DomainError.notFound("bridgeProgrammes/\(id)")
    }
    return programme
  }

  func save(_ programme: BridgeProgramme) { changes.bridgeProgrammes[programme.id] = programme }

  /// - Throws: `RESOURCE_EXISTS`.
  func requireNew(programme id: String) throws {
    if try source.bridgeProgramme(id) != nil { throw Self.exists("bridgeProgrammes/\(id)") }
  }

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func bridgeLoan(_ id: String) throws -> BridgeLoan {
    guard let loan = try changes.bridgeLoans[id] ?? source.bridgeLoan(id) else {
      throw DomainError.notFound("bridgeLoans/\(id)")
    }
    return loan
  }

  func save(_ loan: BridgeLoan) { changes.bridgeLoans[loan.id] = loan }

  /// As recorded: the loans that this command changed are not among the changed.
  func forEachBridgeExposure(pool: String, _ body: (BridgeExposure) throws -> Void) throws {
    try source.forEachBridgeExposure(pool: pool, body)
  }

  /// Loans that wait for money as this command leaves them, in the order in which they are served.
  func queuedBridgeLoans(pool: String) throws -> [BridgeLoan] {
    var queued: [String: BridgeLoan] = [:]
    for loan in try source.queuedBridgeLoans(pool: pool) { queued[loan.id] = loan }
    for loan in changes.bridgeLoans.values where loan.pool == pool { queued[loan.id] = loan }
    return queued.values.filter { $0.state == .queued }.sorted(by: BridgeLoan.isServedBefore)
  }

  func bridgeProgrammes(ofPool id: String) throws -> [BridgeProgramme] {
    try source.bridgeProgrammes(ofPool: id).map { changes.bridgeProgrammes[$0.id] ?? $0 }
  }

  func openBridgeLoans(pool: String) throws -> [BridgeLoan] { try source.openBridgeLoans(pool: pool) }

  /// By bank, as this command leaves it; banks without any are left out.
  func overduePrincipal(programme: String) throws -> [String: Int64] {
    var overdue = try source.overduePrincipal(programme: programme)
    for loan in changes.bridgeLoans.values where loan.programme == programme {
      let was = try source.bridgeLoan(loan.id)?.state == .overdue
      if was == (loan.state == .overdue) { continue }
      overdue[loan.bank, default: 0] += was ? -loan.amount : loan.amount
    }
    return overdue.filter { $0.value > 0 }
  }

  // MARK: Books

  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord? {
    try knownBookRecords[loanNumber] ?? source.bookRecord(facility: facility, loanNumber: loanNumber)
  }

  /// Registers a row: kept, counted for its lender.
  func register(_ record: BookRecord) throws {
    knownBookRecords[record.row.loanNumber] = record
    changes.bookRecords.append(record)
    let key = LenderKey(facility: record.facility, lender: record.row.lender)
    var totals =
      try changes.lenderTotals[key] ?? source.lenderTotals(facility: key.facility, lender: key.lender) ?? BookTotals()
    try totals.add(BookTotals(record))
    changes.lenderTotals[key] = totals
  }

  func refuse(_ record: BookRecord) { changes.bookRefusals.append(record) }

  func cashMovements(pool: String, from: BusinessDate, through day: BusinessDate) throws -> [CashMovement] {
    try source.unmatchedCash(pool: pool, from: from, through: day)
  }

  // MARK: Records

  func recordIfAny<R: FundRecord>(_ type: R.Type, _ id: String) throws -> R? {
    if let changed = changes.records[RecordKey(R.kind, id)] as? R { return changed }
    return try source.record(type, id)
  }

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func record<R: FundRecord>(_ type: R.Type, _ id: String, in collection: String) throws -> R {
    guard let found = try recordIfAny(type, id) else { throw DomainError.notFound("\(collection)/\(id)") }
    return found
  }

  /// - Throws: `RESOURCE_EXISTS`.
  func requireNew<R: FundRecord>(_ type: R.Type, _ id: String, in collection: String) throws {
    if try recordIfAny(type, id) != nil { throw Self.exists("\(collection)/\(id)") }
  }

  func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) throws -> [R] {
    var found: [String: R] = [:]
    for record in try source.records(type, query) { found[record.id] = record }
    for (key, changed) in changes.records where key.kind == R.kind {
      found[key.id] = (changed as? R).flatMap { query.admits($0) ? $0 : nil }
    }
    return Array(found.values.sorted { $0.id < $1.id }.prefix(query.limit))
  }

  func save<R: FundRecord>(_ record: R) { changes.records[RecordKey(R.kind, record.id)] = record }

  /// Puts a controlled step on record; its postings are matched when the command ends.
  func authorise(_ decision: Decision) {
    authorised.removeAll { $0.id == decision.id }
    authorised.append(decision)
  }

  // MARK: Events

  func emit(_ event: FundEvent) { changes.events.append(event) }

  func emit(_ kind: FundEvent.Kind, _ guarantee: Guarantee, amount: Int64 = 0, on date: BusinessDate) {
    emit(
      FundEvent(
        kind, subject: guarantee.name, pool: guarantee.pool, on: date,
        .guarantee(GuaranteeFacts(guarantee, amount: amount))))
  }

  func emit(_ kind: FundEvent.Kind, _ loan: BridgeLoan, on date: BusinessDate) {
    emit(FundEvent(kind, subject: loan.name, pool: loan.pool, on: date, .bridgeLoan(BridgeFacts(loan))))
  }

  func emit(_ kind: FundEvent.Kind, _ facility: Facility, claimRate: Rate? = nil, on date: BusinessDate) {
    emit(
      FundEvent(
        kind, subject: facility.name, pool: facility.pool, on: date,
        .facility(FacilityFacts(facility, claimRate: claimRate))))
  }

  func emit(
    _ kind: FundEvent.Kind, _ subject: String, pool: String, state: String, party: String = "",
    amount: Money? = nil, on date: BusinessDate
  ) {
    emit(
      FundEvent(
        kind, subject: subject, pool: pool, on: date,
        .record(RecordFacts(state: state, party: party, amount: amount))))
  }

  private static func exists(_ name: String) -> DomainError {
    DomainError(.resourceExists, "\(name) exists", metadata: ["resource": name])
  }
}
