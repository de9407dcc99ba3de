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
    /// The chunk read last.
    var chunk: TransferChunk.Reader?
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
    if let cache, try id > cache.greatestID(greatestID) ?? TransferID(high: 0, low: 0) { return nil }
    let row = try session.first(
      "SELECT \(LedgerRows.transferColumns) FROM fund_transfer WHERE id = ?", [.blob(Packed.id(id))]
    ) { try LedgerRows.transfer($0, pool: poolOf) }
    if let row { return row }
    guard let chunk = try chunk(around: id), let number = chunk.number(of: id) else { return nil }
    return try chunk.transfer(number, pool: poolOf)
  }

  private func greatestID() throws -> TransferID? {
    let found = try ["SELECT MAX(id) FROM fund_transfer", "SELECT MAX(greatest_id) FROM fund_chunk"].compactMap { sql in
      try session.first(sql) { try $0.optionalBlob(0).map { try Packed.id($0) } } ?? nil
    }
    return found.max()
  }

  // MARK: Chunks

  /// The chunk read last, if it holds that number.
  func knownChunk(holding number: Int64) -> TransferChunk.Reader? {
    answered.chunk.flatMap { ($0.first...$0.last).contains(number) ? $0 : nil }
  }

  /// The chunk that holds a number.
  /// - Parameter whole: with its ids and hashes.
  func chunk(holding number: Int64, whole: Bool = true) throws -> TransferChunk.Reader? {
    if let known = knownChunk(holding: number), known.isWhole || !whole { return known }
    let columns = whole ? TransferChunk.columns : TransferChunk.movementColumns
    let found = try session.first(
      "SELECT \(columns) FROM fund_chunk WHERE first <= ? ORDER BY first DESC LIMIT 1", [.integer(number)]
    ) { try $0.int64(1) >= number ? TransferChunk.Reader($0) : nil }
    guard let found, let chunk = found else { return nil }
    answered.chunk = chunk
    return chunk
  }

  /// The chunk whose ids lie around an id.
  private func chunk(around id: TransferID) throws -> TransferChunk.Reader? {
    let first = try session.first(
      "SELECT first, least_id FROM fund_chunk WHERE greatest_id >= ? ORDER BY greatest_id LIMIT 1",
      [.blob(Packed.id(id))]
    ) { try Packed.id(try $0.blob(1)) <= id ? $0.int64(0) : nil }
    guard let first, let number = first else { return nil }
    return try chunk(holding: number)
  }

  /// The hash of a transfer; zeros before the first.
  func hash(of number: Int64) throws -> [UInt8] {
    if number == 0 { return ChainHead.genesis.hash }
    let row = try session.first("SELECT hash FROM fund_transfer WHERE number = ?", [.integer(number)]) {
      try $0.blob(0)
    }
    if let row { return row }
    guard let chunk = try chunk(holding: number),
      let hash = try chunk.hashes(number...number, before: { try hash(of: chunk.first - 1) }).first
    else { throw Packed.damaged("transfer \(number) is missing") }
    return hash
  }

  /// Transfers of an account for which it has no row in `fund_balance` yet.
  static func tail(_ account: Int64, in session: ReadSession) throws -> [Int64] {
    try session.first("SELECT tail FROM fund_account WHERE number = ?", [.integer(account)]) {
      try Packed.ascending(try $0.blob(0))
    } ?? []
  }

  /// Visits the numbers of all transfers that touch an account, in order, some at a time, from those on that hold `number`
  /// or a later one, until the closure answers `false`.
  func forEachTouching(_ account: Int64, from number: Int64, _ visit: ([Int64]) throws -> Bool) throws {
    var goesOn = true
    // The row that holds a number is the first one whose last number is not smaller.
    try session.scan(
      "SELECT transfers FROM fund_balance WHERE account = ? AND transfer >= ? ORDER BY transfer",
      [.integer(account), .integer(number)]
    ) { row in
      goesOn = try visit(try Packed.ascending(try row.blob(0)))
      return goesOn
    }
    if goesOn { _ = try visit(try Self.tail(account, in: session)) }
  }

  // MARK: Refusals

  func isRefused(_ id: TransferID) throws -> Bool {
    if try !hasRefusals() { return false }
    return try session.first("SELECT 1 FROM fund_refusal WHERE id = ?", [.blob(Packed.id(id))]) { _ in true } ?? false
  }

  private func hasRefusals() throws -> Bool {
    if let known = answered.hasRefusals { return known }
    func read() throws -> Bool { try session.first("SELECT 1 FROM fund_refusal LIMIT 1") { _ in true } ?? false }
    let exist = try cache?.hasRefusals(read) ?? read()
    answered.hasRefusals = exist
    return exist
  }

  func takenIDs(in range: ClosedRange<TransferID>, atMost limit: Int) throws -> Set<TransferID>? {
    let bounds: [SQLValue] = [
      .blob(Packed.id(range.lowerBound)), .blob(Packed.id(range.upperBound)), .integer(Int64(limit) + 1),
    ]
    var taken: Set<TransferID> = []
    let isNew =
      try cache.map { try range.lowerBound > $0.greatestID(greatestID) ?? TransferID(high: 0, low: 0) } ?? false
    let tables = (isNew ? [] : ["fund_transfer"]) + (try hasRefusals() ? ["fund_refusal"] : [])
    for table in tables {
      try session.scan("SELECT id FROM \(table) WHERE id >= ? AND id <= ? LIMIT ?", bounds) { row in
        taken.insert(try Packed.id(try row.blob(0)))
        return true
      }
      if taken.count > limit { return nil }
    }
    if !isNew {
      for first in try chunks(in: range) {
        try chunk(holding: first)?.forEachID { if range.contains($0) { taken.insert($0) } }
        if taken.count > limit { return nil }
      }
    }
    return taken
  }

  /// The first numbers of the chunks that have ids in a stretch. Their stretches do not overlap, so they end in the order in
  /// which they begin.
  private func chunks(in range: ClosedRange<TransferID>) throws -> [Int64] {
    var found: [Int64] = []
    try session.scan(
      "SELECT first, least_id FROM fund_chunk WHERE greatest_id >= ? ORDER BY greatest_id",
      [.blob(Packed.id(range.lowerBound))]
    ) { row in
      if try Packed.id(try row.blob(1)) > range.upperBound { return false }
      found.append(try row.int64(0))
      return true
    }
    return found
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

  func overduePrincipal(programme: String) throws -> [String: Int64] {
    let sums = try session.query(
      "SELECT bank, SUM(amount) FROM fund_bridge_loan WHERE programme = ? AND state = 6 GROUP BY bank",
      [.text(programme)]
    ) { (try $0.text(0), try $0.int64(1)) }
    return Dictionary(uniqueKeysWithValues: sums)
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
