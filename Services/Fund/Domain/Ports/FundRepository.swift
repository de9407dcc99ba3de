package import Kernel

/// A page of a list and where the next one starts.
package struct FundPage<Item: Sendable>: Sendable {
  package let items: [Item]
  /// Key of the last item when more follow; nil on the last page.
  package let next: String?

  package init(items: [Item], next: String?) {
    self.items = items
    self.next = next
  }
}

/// A transfer with the names and the state that its record does not hold.
package struct TransferView: Sendable, Hashable {
  package let transfer: Transfer
  package let currency: Currency
  /// Account ids of the legs, in their order.
  package let accounts: [String]
  package let pendingState: PendingState?
  package let recordedAt: Instant
  package let hash: [UInt8]

  package init(
    transfer: Transfer, currency: Currency, accounts: [String], pendingState: PendingState?, recordedAt: Instant,
    hash: [UInt8]
  ) {
    self.transfer = transfer
    self.currency = currency
    self.accounts = accounts
    self.pendingState = pendingState
    self.recordedAt = recordedAt
    self.hash = hash
  }
}

/// An event of the fund's log.
package struct RecordedFundEvent: Sendable, Hashable {
  package let sequence: Int64
  package let commitTime: Instant
  package let actor: String
  package let hash: [UInt8]
  package let event: FundEvent

  package init(sequence: Int64, commitTime: Instant, actor: String, hash: [UInt8], event: FundEvent) {
    self.sequence = sequence
    self.commitTime = commitTime
    self.actor = actor
    self.hash = hash
    self.event = event
  }
}

/// What checking a hash chain found.
package struct FundChainReport: Sendable, Hashable {
  package let chain: String
  package let entries: Int64
  package let firstBadSequence: Int64?
  package let headHash: [UInt8]

  package init(chain: String, entries: Int64, firstBadSequence: Int64?, headHash: [UInt8]) {
    self.chain = chain
    self.entries = entries
    self.firstBadSequence = firstBadSequence
    self.headHash = headHash
  }
}

package enum FundChain: Sendable, Hashable { case transfers, events }

/// Which guarantees a list wants; empty texts and nil want all.
package struct GuaranteeFilter: Sendable, Hashable {
  package var facility: String
  package var journey: String
  package var borrower: String
  package var state: GuaranteeState?

  package init(facility: String = "", journey: String = "", borrower: String = "", state: GuaranteeState? = nil) {
    self.facility = facility
    self.journey = journey
    self.borrower = borrower
    self.state = state
  }
}

/// Which bridge loans a list wants; empty texts and nil want all.
package struct BridgeLoanFilter: Sendable, Hashable {
  package var programme: String
  package var journey: String
  package var state: BridgeLoanState?

  package init(programme: String = "", journey: String = "", state: BridgeLoanState? = nil) {
    self.programme = programme
    self.journey = journey
    self.state = state
  }
}

/// The point in time of a balance.
package enum BalancePoint: Sendable, Hashable {
  case now
  /// After that transfer was recorded; 0 before the first.
  case transfer(Int64)
  /// At the close of that business date, by value date, posted only.
  case businessDate(BusinessDate)
}

/// Where the fund is kept. Every read sees one consistent state; `execute` loads, decides and persists in one
/// transaction, exactly once under the envelope's key.
package protocol FundRepository: Sendable {
  func execute<Command: FundCommand>(
    _ command: Command, envelope: CommandEnvelope,
    encode: @escaping @Sendable (Command.Outcome) throws -> [UInt8]
  ) async throws -> CommandReply<Command.Outcome>

  /// - Throws: `RESOURCE_NOT_FOUND`, as all single reads.
  func pool(_ id: String) async throws -> PoolView
  func pools(after key: String?, limit: Int) async throws -> FundPage<PoolView>
  func account(_ id: String) async throws -> Account
  func accounts(ofPool id: String, after key: String?, limit: Int) async throws -> FundPage<Account>
  func balances(of account: String, at point: BalancePoint) async throws -> (account: Account, balances: Balances)
  func transfer(number: Int64) async throws -> TransferView
  func transfer(id: TransferID) async throws -> TransferView
  /// - Parameter account: only transfers that touch it; nil for all.
  func transfers(touching account: String?, after number: Int64, limit: Int) async throws -> FundPage<TransferView>
  func trialBalance(ofPool id: String, on date: BusinessDate?) async throws -> TrialBalance
  func verify(_ chain: FundChain) async throws -> FundChainReport

  /// Movements by value date and number. - Throws: `BATCH_TOO_LARGE` above `AccountStatement.maximumEntries`.
  func statement(of account: String, from: BusinessDate, to: BusinessDate) async throws -> AccountStatement
  /// - Parameter size: transfers in the tree; 0 for all.
  func inclusionProof(of number: Int64, treeSize size: Int64) async throws -> InclusionProof
  func projection(
    ofPool id: String, from: BusinessDate, days: Int, expectedRate: Rate?
  ) async throws -> SolvencyProjection
  /// - Throws: `RESOURCE_NOT_FOUND` naming `{collection}/{id}`.
  func record<R: FundRecord>(_ type: R.Type, _ id: String, in collection: String) async throws -> R
  /// `query.limit` is the page's size.
  func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) async throws -> FundPage<R>

  func scheme(_ id: String) async throws -> SchemeView
  func schemes(ofPool pool: String, after key: String?, limit: Int) async throws -> FundPage<SchemeView>
  func subsidyProgramme(_ id: String) async throws -> ProgrammeView
  func subsidyProgrammes(ofPool pool: String, after key: String?, limit: Int) async throws -> FundPage<ProgrammeView>
  func facilityReport(_ id: String, from: BusinessDate, to: BusinessDate) async throws -> FacilityReport
  func bridgeQueue(ofPool id: String) async throws -> (currency: Currency, loans: [BridgeLoan])
  func bridgeTurnover(_ programme: String, from: BusinessDate, to: BusinessDate) async throws -> BridgeTurnover
  /// Movements of the pool's cash that no statement line belongs to, after a number.
  func unmatchedCash(
    ofPool id: String, through day: BusinessDate, after number: Int64, limit: Int
  ) async throws -> (currency: Currency, page: FundPage<CashMovement>)

  func facility(_ id: String) async throws -> FacilityView
  /// - Parameter bank: only facilities agreed with it or open to any bank; nil for all.
  func facilities(
    ofPool pool: String?, agreedWith bank: String?, after key: String?, limit: Int
  ) async throws -> FundPage<FacilityView>
  func guarantee(_ id: String) async throws -> Guarantee
  func guarantees(_ filter: GuaranteeFilter, after key: String?, limit: Int) async throws -> FundPage<Guarantee>
  func bookSummary(ofFacility id: String) async throws -> BookSummary
  func lenderTotals(
    ofFacility id: String, after lender: String?, limit: Int
  ) async throws -> (currency: Currency, page: FundPage<LenderTotals>)

  func bridgeProgramme(_ id: String) async throws -> BridgeProgramme
  func bridgeLoan(_ id: String) async throws -> BridgeLoan
  func bridgeLoans(_ filter: BridgeLoanFilter, after key: String?, limit: Int) async throws -> FundPage<BridgeLoan>
  /// The loan with what repaying on that day would cost.
  func quote(bridgeLoan id: String, on date: BusinessDate) async throws -> BridgeLoan

  /// Events after a sequence, for ever, in order; memory stays bounded however slow the reader.
  func watch(after sequence: Int64) -> any AsyncSequence<RecordedFundEvent, any Error> & Sendable
}
