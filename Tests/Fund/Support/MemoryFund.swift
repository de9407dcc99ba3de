import FundDomain
import Kernel

/// The fund in dictionaries: runs the same decisions as the store, for tests of rules.
final class MemoryFund: FundSource {
  var accounts: [Int64: Account] = [:]
  var transfers: [Transfer] = []
  var pendings: [Int64: PendingTransfer] = [:]
  var refusals: Set<TransferID> = []
  var pools: [String: Pool] = [:]
  var facilities: [String: Facility] = [:]
  var years: [FacilityYear] = []
  var guarantees: [String: Guarantee] = [:]
  var programmes: [String: BridgeProgramme] = [:]
  var loans: [String: BridgeLoan] = [:]
  var records: [BookRecord] = []
  var refusedRows: [BookRecord] = []
  var lenders: [LenderKey: BookTotals] = [:]
  var events: [FundEvent] = []
  var kept: [RecordKey: any FundRecord] = [:]

  let rules: FundRules

  init(_ rules: FundRules) { self.rules = rules }

  /// Decides and takes the changes over; a throw changes nothing.
  @discardableResult
  func run<Command: FundCommand>(_ command: Command, by caller: Caller = Fixture.officer) throws -> Command.Outcome {
    let fund = try FundTransaction(self)
    let outcome = try fund.carryOut(command, rules.context(for: caller, at: Fixture.now))
    absorb(fund)
    return outcome
  }

  private func absorb(_ fund: FundTransaction) {
    for account in fund.ledger.newAccounts + fund.ledger.changed { accounts[account.number] = account }
    transfers += fund.ledger.recorded
    for pending in fund.ledger.endedOrMade { pendings[pending.transfer.number] = pending }
    refusals.formUnion(fund.ledger.refused)
    let changes = fund.changes
    pools.merge(changes.pools) { $1 }
    facilities.merge(changes.facilities) { $1 }
    for year in changes.facilityYears.values {
      years.removeAll { $0.facility == year.facility && $0.year == year.year }
      years.append(year)
    }
    guarantees.merge(changes.guarantees) { $1 }
    programmes.merge(changes.bridgeProgrammes) { $1 }
    loans.merge(changes.bridgeLoans) { $1 }
    records += changes.bookRecords
    refusedRows += changes.bookRefusals
    lenders.merge(changes.lenderTotals) { $1 }
    events += changes.events
    kept.merge(changes.records) { $1 }
  }

  func balances(_ id: String) -> Balances? { accounts.values.first { $0.id == id }?.balances }

  /// Σ debits less Σ credits, posted and pending, over all accounts. Partial sums may pass 64 bits.
  var imbalance: Int128 {
    accounts.values.reduce(0) { sum, account in
      let balances = account.balances
      let debits = Int128(balances.debitsPosted) + Int128(balances.debitsPending)
      return sum + debits - Int128(balances.creditsPosted) - Int128(balances.creditsPending)
    }
  }

  // MARK: FundSource

  func account(id: String) throws -> Account? { accounts.values.first { $0.id == id } }
  func account(number: Int64) throws -> Account? { accounts[number] }
  func transfer(id: TransferID) throws -> Transfer? { transfers.first { $0.id == id } }
  func isRefused(_ id: TransferID) throws -> Bool { refusals.contains(id) }
  func pending(number: Int64) throws -> PendingTransfer? { pendings[number] }
  func ledgerHead() throws -> LedgerHead {
    LedgerHead(transfers: Int64(transfers.count), accounts: Int64(accounts.count))
  }

  func pool(_ id: String) throws -> Pool? { pools[id] }
  func accounts(ofPool id: String) throws -> [Account] { accounts.values.filter { $0.pool == id } }
  func facility(_ id: String) throws -> Facility? { facilities[id] }
  func facilityYear(_ facility: String, _ year: Int) throws -> FacilityYear? {
    years.first { $0.facility == facility && $0.year == year }
  }
  func guarantee(_ id: String) throws -> Guarantee? { guarantees[id] }
  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee] {
    guarantees.values.filter { keys.contains($0.borrower) && ($0.state.bearsLiability || $0.reservedOn >= day) }
  }
  func lapsedReservations(pool: String, lastDay: BusinessDate) throws -> [Guarantee] {
    guarantees.values.filter { $0.pool == pool && $0.state == .reserved && $0.expiresOn <= lastDay }
      .sorted { $0.id < $1.id }
  }
  func lapsedPendings(pool: String, lastDay: BusinessDate) throws -> [PendingTransfer] {
    pendings.values.filter {
      $0.transfer.pool == pool && $0.state == .open && ($0.transfer.expiresOn ?? lastDay) <= lastDay
    }.sorted { $0.transfer.number < $1.transfer.number }
  }
  func bridgeProgramme(_ id: String) throws -> BridgeProgramme? { programmes[id] }
  func bridgeLoan(_ id: String) throws -> BridgeLoan? { loans[id] }
  func openBridgeLoans(pool: String) throws -> [BridgeLoan] {
    loans.values.filter { $0.pool == pool && ($0.state == .approved || $0.state == .disbursed) }.sorted {
      $0.id < $1.id
    }
  }
  func overduePrincipal(programme: String) throws -> [String: Int64] {
    loans.values.filter { $0.programme == programme && $0.state == .overdue }
      .reduce(into: [:]) { $0[$1.bank, default: 0] += $1.amount }
  }
  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord? {
    records.first { $0.facility == facility && $0.row.loanNumber == loanNumber }
  }
  func lenderTotals(facility: String, lender: String) throws -> BookTotals? {
    lenders.first { $0.key.facility == facility && $0.key.lender == lender }?.value
  }

  // MARK: Further reads

  func transfer(number: Int64) throws -> Transfer? { transfers.first { $0.number == number } }
  func closedThrough(pool: String) throws -> BusinessDate? { pools[pool]?.closedThrough }
  func postedByDay(account number: Int64) throws -> [PostedDay] {
    transfers.filter(\.phase.posts).compactMap { transfer in
      transfer.legs.first { $0.account == number }.map {
        PostedDay(day: transfer.businessDate, change: $0.amount)
      }
    }
  }
  func postedTotals(account number: Int64, through day: BusinessDate) throws -> [(debits: Int64, credits: Int64)] {
    try postedByDay(account: number).filter { $0.day <= day }.map { (max(0, $0.change), max(0, -$0.change)) }
  }
  func facilities(ofPool id: String) throws -> [Facility] {
    facilities.values.filter { $0.pool == id }.sorted { $0.id < $1.id }
  }
  func facilityYears(_ facility: String) throws -> [FacilityYear] {
    years.filter { $0.facility == facility }.sorted { $0.year < $1.year }
  }
  func forEachFeeInForce(pool: String, _ body: (FeeInForce) throws -> Void) throws {
    for guarantee in guarantees.values where guarantee.pool == pool {
      guard guarantee.state == .inForce || guarantee.state == .claimSubmitted, let from = guarantee.inForceFrom else {
        continue
      }
      try body(FeeInForce(net: guarantee.fee - guarantee.reguaranteeFee, from: from, to: guarantee.maturesOn))
    }
  }
  func forEachOpenClaim(pool: String, _ body: (OpenClaim) throws -> Void) throws {
    for guarantee in guarantees.values where guarantee.pool == pool && guarantee.state == .compensated {
      guard let claim = guarantee.claim, let paidOn = claim.paidOn else { continue }
      try body(OpenClaim(paidOn: paidOn, open: claim.borne.guarantor - claim.returned.guarantor))
    }
  }
  func maturingLiability(pool: String, through day: BusinessDate) throws -> [MaturingLiability] {
    guarantees.values.filter {
      $0.pool == pool && ($0.state == .inForce || $0.state == .reserved) && $0.maturesOn <= day
    }
    .sorted { ($0.maturesOn, $0.id) < ($1.maturesOn, $1.id) }
    .map {
      MaturingLiability(
        facility: $0.facility, maturesOn: $0.maturesOn, liability: $0.guaranteedAmount,
        isReserved: $0.state == .reserved)
    }
  }
  func pendingClaimPayout(pool: String) throws -> Int64 {
    guarantees.values.filter { $0.pool == pool && $0.state == .claimSubmitted }
      .reduce(0) { $0 + ($1.claim?.borne.payout ?? 0) }
  }
  func forEachBridgeExposure(pool: String, _ body: (BridgeExposure) throws -> Void) throws {
    for loan in loans.values.sorted(by: { $0.id < $1.id }) where loan.pool == pool {
      guard [.approved, .disbursed, .overdue].contains(loan.state) else { continue }
      try body(
        BridgeExposure(
          id: loan.id, programme: loan.programme, state: loan.state, kind: loan.borrowerKind, size: loan.borrowerSize,
          grade: loan.grade, amount: loan.amount, disbursedOn: loan.disbursedOn, dueOn: loan.dueOn,
          commitmentEndsOn: loan.commitment?.expiresOn))
    }
  }
  func queuedBridgeLoans(pool: String) throws -> [BridgeLoan] {
    loans.values.filter { $0.pool == pool && $0.state == .queued }
      .sorted(by: BridgeLoan.isServedBefore)
  }
  func bridgeProgrammes(ofPool id: String) throws -> [BridgeProgramme] {
    programmes.values.filter { $0.pool == id }.sorted { $0.id < $1.id }
  }
  func unmatchedCash(pool: String, from: BusinessDate, through day: BusinessDate) throws -> [CashMovement] {
    guard let cash = try account(id: "\(pool).1001") else { return [] }
    let matched = try Set(records(CashMatch.self, RecordQuery(owner: pool)).map(\.transfer))
    return transfers.compactMap { transfer in
      guard transfer.phase.posts, !matched.contains(transfer.number), transfer.businessDate >= from,
        transfer.businessDate <= day, let leg = transfer.legs.first(where: { $0.account == cash.number })
      else { return nil }
      return CashMovement(
        number: transfer.number, businessDate: transfer.businessDate, amount: leg.amount,
        reference: transfer.reference)
    }
  }
  func record<R: FundRecord>(_ type: R.Type, _ id: String) throws -> R? { kept[RecordKey(R.kind, id)] as? R }
  func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) throws -> [R] {
    let found = kept.values.compactMap { $0 as? R }.filter { query.admits($0) }
    return Array(found.sorted { $0.id < $1.id }.prefix(query.limit))
  }
}

extension MemoryFund {
  /// Proposes a controlled step as one officer and carries it out as another.
  @discardableResult
  func runTogether<Command: FundCommand>(
    _ command: Command, as step: ControlledStep, of subject: String, _ terms: DecisionTerms = DecisionTerms(),
    on day: String, by caller: Caller = Fixture.cashier
  ) throws -> Command.Outcome {
    try run(ProposeDecision(step: step, subject: subject, reasoned: terms, on: day))
    return try run(command, by: caller)
  }
}

extension ProposeDecision {
  /// With a reason that a test has no need to give.
  init(step: ControlledStep, subject: String, reasoned terms: DecisionTerms = DecisionTerms(), on day: String) {
    var terms = terms
    if terms.reason.isEmpty { terms.reason = "agreed" }
    self.init(step: step, subject: subject, terms: terms, businessDate: Fixture.day(day))
  }
}
