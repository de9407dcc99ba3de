import Kernel

/// One command's view of the fund: recorded state overlaid with what the command has changed so far. It has no effect
/// of its own; the store persists `ledger` and `changes` when the decision returns and forgets both when it throws.
package final class FundTransaction {
  private let source: any FundSource
  package var ledger: Ledger
  package private(set) var changes = FundChanges()
  private var knownBookRecords: [String: BookRecord] = [:]

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

  /// The pool's figures with this command's postings.
  func figures(ofPool id: String) throws -> PoolFigures {
    var accounts: [Account] = []
    for recorded in try source.accounts(ofPool: id) {
      accounts.append(try ledger.account(number: recorded.number) ?? recorded)
    }
    for opened in ledger.newAccounts where opened.pool == id {
      accounts.append(try ledger.account(number: opened.number) ?? opened)
    }
    return PoolFigures(accounts)
  }

  /// Σ debits less Σ credits of the pool, posted, with this command's postings.
  func trialDifference(ofPool id: String) throws -> Int64 {
    var difference: Int64 = 0
    for recorded in try source.accounts(ofPool: id) {
      difference += (try ledger.account(number: recorded.number) ?? recorded).balances.posted(on: .debit)
    }
    return difference
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

  // MARK: Guarantees

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func guarantee(_ id: String) throws -> Guarantee {
    guard let guarantee = try changes.guarantees[id] ?? source.guarantee(id) else {
      throw DomainError.notFound("guarantees/\(id)")
    }
    return guarantee
  }

  func save(_ guarantee: Guarantee) { changes.guarantees[guarantee.id] = guarantee }

  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee] {
    try source.guarantees(ofBorrowers: keys, reservedSince: day)
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

  func openBridgeLoans(pool: String) throws -> [BridgeLoan] { try source.openBridgeLoans(pool: pool) }

  func overduePrincipal(programme: String) throws -> Int64 { try source.overduePrincipal(programme: programme) }

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

  private static func exists(_ name: String) -> DomainError {
    DomainError(.resourceExists, "\(name) exists", metadata: ["resource": name])
  }
}
