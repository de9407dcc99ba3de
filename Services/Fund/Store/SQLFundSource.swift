import FundDomain
import Kernel
import Storage

/// The recorded state as a command or a read sees it: one session, and the account cache when it is the writer's.
struct SQLFundSource: FundSource {
  let session: ReadSession
  let cache: AccountCache?
  private let answered: Answered

  /// What was asked of the recorded state once and is asked again.
  private final class Answered {
    /// Whether any id was ever refused: most ledgers have none, and then no id is looked up.
    var hasRefusals: Bool?
    var head: LedgerHead?
  }

  init(session: ReadSession, cache: AccountCache?) {
    self.session = session
    self.cache = cache
    answered = Answered()
  }

  // MARK: Ledger

  func ledgerHead() throws -> LedgerHead {
    if let head = answered.head { return head }
    let accounts = try session.first("SELECT MAX(number) FROM fund_account") { try $0.optionalInt64(0) ?? 0 }
    let head = LedgerHead(
      transfers: try session.chainHead(FundChains.transfers.chain).sequence, accounts: accounts ?? 0)
    answered.head = head
    return head
  }

  func account(id: String) throws -> Account? {
    if let known = cache?.account(id: id) { return known }
    guard let dot = id.firstIndex(of: ".") else { return nil }
    let found = try session.first(
      "SELECT \(LedgerRows.accountColumns) FROM fund_account WHERE pool = ? AND code = ?",
      [.text(String(id[..<dot])), .text(String(id[id.index(after: dot)...]))], LedgerRows.account)
    if let found { cache?.keep(found) }
    return found
  }

  func account(number: Int64) throws -> Account? {
    if let known = cache?.account(number: number) { return known }
    let found = try session.first(
      "SELECT \(LedgerRows.accountColumns) FROM fund_account WHERE number = ?", [.integer(number)], LedgerRows.account)
    if let found { cache?.keep(found) }
    return found
  }

  func poolOf(account number: Int64) throws -> String {
    guard let account = try account(number: number) else { throw Packed.damaged("account \(number) is missing") }
    return account.pool
  }

  func transfer(id: TransferID) throws -> Transfer? {
    try session.first(
      "SELECT \(LedgerRows.transferColumns) FROM fund_transfer WHERE id = ?", [.blob(Packed.id(id))]
    ) { try LedgerRows.transfer($0, pool: poolOf) }
  }

  func isRefused(_ id: TransferID) throws -> Bool {
    if try !hasRefusals() { return false }
    return try session.first("SELECT 1 FROM fund_refusal WHERE id = ?", [.blob(Packed.id(id))]) { _ in true } ?? false
  }

  private func hasRefusals() throws -> Bool {
    if let known = answered.hasRefusals { return known }
    let exist = try session.first("SELECT 1 FROM fund_refusal LIMIT 1") { _ in true } ?? false
    answered.hasRefusals = exist
    return exist
  }

  func takenIDs(in range: ClosedRange<TransferID>, atMost limit: Int) throws -> Set<TransferID>? {
    let bounds: [SQLValue] = [
      .blob(Packed.id(range.lowerBound)), .blob(Packed.id(range.upperBound)), .integer(Int64(limit) + 1),
    ]
    var taken: Set<TransferID> = []
    for table in try hasRefusals() ? ["fund_transfer", "fund_refusal"] : ["fund_transfer"] {
      try session.scan("SELECT id FROM \(table) WHERE id >= ? AND id <= ? LIMIT ?", bounds) { row in
        taken.insert(try Packed.id(try row.blob(0)))
        return true
      }
      if taken.count > limit { return nil }
    }
    return taken
  }

  private static let pendingSelect = """
    SELECT \(LedgerRows.transferColumns.split(separator: ",").map { "t.\($0.drop { $0 == " " })" }
      .joined(separator: ", ")), p.state FROM fund_pending AS p JOIN fund_transfer AS t ON t.number = p.number
    """

  private func pending(_ row: Row) throws -> PendingTransfer {
    PendingTransfer(transfer: try LedgerRows.transfer(row, pool: poolOf), state: try row.code(12))
  }

  func pending(number: Int64) throws -> PendingTransfer? {
    try session.first("\(Self.pendingSelect) WHERE p.number = ?", [.integer(number)], pending)
  }

  func lapsedPendings(pool: String, lastDay: BusinessDate) throws -> [PendingTransfer] {
    try session.query(
      "\(Self.pendingSelect) WHERE p.pool = ? AND p.state = 1 AND p.expires_day <= ? ORDER BY p.number",
      [.text(pool), .day(lastDay)], pending)
  }

  func accounts(ofPool id: String) throws -> [Account] {
    try session.query(
      "SELECT \(LedgerRows.accountColumns) FROM fund_account WHERE pool = ? ORDER BY code", [.text(id)],
      LedgerRows.account)
  }

  // MARK: Pools and facilities

  func pool(_ id: String) throws -> Pool? {
    try session.first("SELECT \(FundRows.poolColumns) FROM fund_pool WHERE id = ?", [.text(id)], FundRows.pool)
  }

  func facility(_ id: String) throws -> Facility? {
    try session.first(
      "SELECT \(FundRows.facilityColumns) FROM fund_facility WHERE id = ?", [.text(id)], FundRows.facility)
  }

  func facilityYear(_ facility: String, _ year: Int) throws -> FacilityYear? {
    try session.first(
      "SELECT \(FundRows.facilityYearColumns) FROM fund_facility_year WHERE facility = ? AND year = ?",
      [.text(facility), .integer(Int64(year))], FundRows.facilityYear)
  }

  // MARK: Guarantees

  func guarantee(_ id: String) throws -> Guarantee? {
    try session.first("\(GuaranteeRows.select) WHERE g.id = ?", [.text(id)], GuaranteeRows.guarantee)
  }

  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee] {
    var found: [Guarantee] = []
    for key in Set(keys).sorted() where !key.isEmpty {
      found += try session.query(
        """
        \(GuaranteeRows.select) WHERE g.borrower = ? AND g.borrower <> ''
        AND (g.state IN (1, 2, 6) OR g.reserved_day >= ?) ORDER BY g.id
        """, [.text(key), .day(day)], GuaranteeRows.guarantee)
    }
    return found
  }

  func lapsedReservations(pool: String, lastDay: BusinessDate) throws -> [Guarantee] {
    try session.query(
      "\(GuaranteeRows.select) WHERE g.pool = ? AND g.state = 1 AND g.expires_day <= ? ORDER BY g.id",
      [.text(pool), .day(lastDay)], GuaranteeRows.guarantee)
  }

  // MARK: Bridge loans

  func bridgeProgramme(_ id: String) throws -> BridgeProgramme? {
    try session.first(
      "SELECT \(BridgeRows.programmeColumns) FROM fund_bridge_programme WHERE id = ?", [.text(id)],
      BridgeRows.programme)
  }

  func bridgeLoan(_ id: String) throws -> BridgeLoan? {
    try session.first(
      "SELECT \(BridgeRows.loanColumns) FROM fund_bridge_loan WHERE id = ?", [.text(id)], BridgeRows.loan)
  }

  func openBridgeLoans(pool: String) throws -> [BridgeLoan] {
    try session.query(
      "SELECT \(BridgeRows.loanColumns) FROM fund_bridge_loan WHERE pool = ? AND state IN (3, 4) ORDER BY id",
      [.text(pool)], BridgeRows.loan)
  }

  func overduePrincipal(programme: String) throws -> Int64 {
    try session.first(
      "SELECT COALESCE(SUM(amount), 0) FROM fund_bridge_loan WHERE programme = ? AND state = 6", [.text(programme)]
    ) { try $0.int64(0) } ?? 0
  }

  // MARK: Books

  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord? {
    try session.first(
      "SELECT \(BookRows.recordColumns) FROM fund_book_row WHERE facility = ? AND loan_number = ?",
      [.text(facility), .text(loanNumber)], BookRows.record)
  }

  func lenderTotals(facility: String, lender: String) throws -> BookTotals? {
    try session.first(
      "SELECT \(BookRows.totalColumns) FROM fund_lender_total WHERE facility = ? AND lender = ?",
      [.text(facility), .text(lender)]
    ) { try BookRows.totals($0, from: 0) }
  }
}
