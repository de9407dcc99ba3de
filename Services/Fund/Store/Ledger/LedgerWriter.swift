import FundDomain
import Kernel
import Storage

/// Persists what a command did to the ledger: transfers a row each or all in one, everything else one row per account, day
/// or pending transfer touched, however large the batch.
struct LedgerWriter {
  let session: WriteSession
  let now: Instant
  let cache: AccountCache

  /// - Returns: the transfers that stand in no row of `fund_balance` yet, of the accounts that were touched.
  func persist(_ ledger: Ledger) throws -> [Int64: [Int64]] {
    for account in ledger.newAccounts { try insert(account) }
    try insert(ledger.recorded)
    for pending in ledger.endedOrMade { try upsert(pending) }
    let touched = Touched(ledger.recorded)
    let tails = try insertBalances(ledger, touched)
    for account in ledger.changed { try update(account, tail: tails[account.number]) }
    try upsertDays(touched)
    for id in ledger.refused {
      try session.execute(
        "INSERT INTO fund_refusal (id) VALUES (?) ON CONFLICT (id) DO NOTHING", [.blob(Packed.id(id))])
    }
    return tails
  }

  private func insert(_ account: Account) throws {
    try session.execute(
      """
      INSERT INTO fund_account (number, pool, code, display_name, class, normal_side, currency, limit_rule, create_time,
        debits_pending, debits_posted, credits_pending, credits_posted, last_transfer, closed, bound)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)
      """,
      [
        .integer(account.number), .text(account.pool), .text(account.code), .text(account.displayName),
        .code(account.accountClass), .code(account.normalSide), .text(account.currency.code), .code(account.limit),
        .time(account.createTime), .integer(account.bound),
      ])
  }

  private static let transferRows = ManyRows(
    """
    INSERT INTO fund_transfer (id, phase, template, legs, amount, business_day, expires_day, pending_number, reference,
      recorded_at, number, hash)
    """, width: 12)

  private func insert(_ transfers: [Transfer]) throws {
    if TransferChunk.fits(transfers), try insertChunk(transfers) { return }
    var rows = Self.transferRows.buffer(session)
    for transfer in transfers {
      var row = LedgerRows.content(transfer, at: now)
      let link = try session.extendChain(FundChains.transfers.chain, row)
      guard link.sequence == transfer.number else {
        throw Packed.damaged("the ledger is at \(transfer.number) but its chain at \(link.sequence)")
      }
      row.append(.integer(link.sequence))
      row.append(.blob(link.hash))
      try rows.add(row)
    }
    try rows.finish()
  }

  /// - Returns: false, and nothing has happened, when another chunk has ids among those of the batch.
  private func insertChunk(_ transfers: [Transfer]) throws -> Bool {
    let ids = transfers.compactMap(\.id)
    guard let first = transfers.first?.number, let last = transfers.last?.number, let least = ids.min(),
      let greatest = ids.max()
    else { return false }
    let following = try session.first(TransferChunk.following, [.blob(Packed.id(least))]) {
      try Packed.id(try $0.blob(0))
    }
    if let following, following <= greatest { return false }
    var row = TransferChunk.Builder(count: transfers.count)
    _ = try session.extendChain(FundChains.transfers.chain) { run in
      for transfer in transfers {
        row.add(transfer, at: now, to: &run)
        guard run.sequence == transfer.number else {
          throw Packed.damaged("the ledger is at \(transfer.number) but its chain at \(run.sequence)")
        }
        let count = Int(transfer.number - first) + 1
        if transfer.number == last || count.isMultiple(of: TransferChunk.hashStep) { row.keep(run.head.hash) }
      }
    }
    try session.execute(
      TransferChunk.insert,
      [
        .integer(first), .integer(last), .time(now), .blob(Packed.id(least)), .blob(Packed.id(greatest)),
        .blob(row.hashes), .blob(row.body), .blob(row.ids),
      ])
    return true
  }

  private func upsert(_ pending: PendingTransfer) throws {
    try session.execute(
      """
      INSERT INTO fund_pending (number, pool, state, expires_day) VALUES (?, ?, ?, ?)
      ON CONFLICT (number) DO UPDATE SET state = excluded.state
      """,
      [
        .integer(pending.transfer.number), .text(pending.transfer.pool), .code(pending.state),
        .day(pending.transfer.expiresOn ?? pending.transfer.businessDate),
      ])
  }

  private func update(_ account: Account, tail: [Int64]?) throws {
    try session.execute(
      """
      UPDATE fund_account SET debits_pending = ?, debits_posted = ?, credits_pending = ?, credits_posted = ?,
        last_transfer = ?, last_day = ?, limit_rule = ?, bound = ?, tail = coalesce(?, tail) WHERE number = ?
      """,
      Self.totals(account.balances) + [
        .integer(account.lastTransfer), .day(account.lastDay), .code(account.limit), .integer(account.bound),
        .blob(tail.map(Packed.ascending)), .integer(account.number),
      ])
  }

  private static func totals(_ balances: Balances) -> [SQLValue] {
    [
      .integer(balances.debitsPending), .integer(balances.debitsPosted), .integer(balances.creditsPending),
      .integer(balances.creditsPosted),
    ]
  }

  private static let balanceRows = ManyRows(
    """
    INSERT INTO fund_balance (account, transfer, debits_pending, debits_posted, credits_pending, credits_posted,
      transfers)
    """, width: 7)

  /// Most transfers of a batch that a row of `fund_balance` stands for: a balance inside it is reached by replaying so
  /// many.
  private static let balanceStep = 128
  /// Transfers of an account from which on it gets a row: one for each would be most of what a single transfer costs.
  private static let tailStep = 32

  /// The account's totals after the command, and the transfers since its last row, as a row when they are many; a row more
  /// for every `balanceStep` of them. What is left over is its tail.
  private func insertBalances(_ ledger: Ledger, _ touched: Touched) throws -> [Int64: [Int64]] {
    guard let first = ledger.recorded.first?.number else { return [:] }
    var tails = touched.numbers
    var reserved: [Int64: [Leg]]?
    var rows = Self.balanceRows.buffer(session)
    for account in ledger.changed {
      guard let touching = tails[account.number] else { continue }
      let before = try cache.tail(account.number) { try SQLFundSource.tail(account.number, in: session) }
      if before.count + touching.count < Self.tailStep {
        tails[account.number] = before + touching
        continue
      }
      let ended =
        reserved ?? Dictionary(uniqueKeysWithValues: ledger.endedOrMade.map { ($0.transfer.number, $0.transfer.legs) })
      reserved = ended
      var balances = account.balances
      var numbers = touching[...]
      while let last = numbers.last {
        let step = numbers.suffix(Self.balanceStep)
        numbers.removeLast(step.count)
        try rows.add(
          [.integer(account.number), .integer(last)] + Self.totals(balances)
            + [.blob(Packed.ascending(numbers.isEmpty ? before + step : Array(step)))])
        if numbers.isEmpty { break }
        for number in step.reversed() {
          let transfer = ledger.recorded[Int(number - first)]
          balances.takeBack(transfer, ended[transfer.pendingNumber] ?? [], on: account.number)
        }
      }
      tails[account.number] = []
    }
    try rows.finish()
    return tails
  }

  /// What was posted by value date.
  private func upsertDays(_ touched: Touched) throws {
    var rows = Self.dayRows.buffer(session)
    for sums in touched.days {
      try rows.add([
        .integer(sums.account), .day(sums.day), .integer(sums.debits), .integer(sums.credits), .integer(sums.first),
        .integer(sums.last),
      ])
    }
    try rows.finish()
  }

  private static let dayRows = ManyRows(
    "INSERT INTO fund_day (account, day, debits, credits, first_transfer, last_transfer)", width: 6,
    tail: """
      ON CONFLICT (account, day) DO UPDATE SET
        debits = fund_day.debits + excluded.debits, credits = fund_day.credits + excluded.credits,
        last_transfer = excluded.last_transfer
      """)
}

/// What a command's transfers touched: their numbers by account, and the sums posted by account and value date.
private struct Touched {
  struct DaySums {
    let account: Int64
    let day: BusinessDate
    var debits: Int64 = 0
    var credits: Int64 = 0
    let first: Int64
    var last: Int64
  }

  private struct Line {
    let account: Int64
    var numbers: [Int64] = []
    /// Places in `days`, the latest posting's last: most of a batch has one value date.
    var days: [Int] = []
  }

  /// Accounts that are found by looking at each: a single transfer's, for which a table costs more.
  private static let few = 8

  private(set) var days: [DaySums] = []
  private var lines: [Line] = []
  private var places: [Int64: Int] = [:]

  init(_ transfers: [Transfer]) {
    var guess = 0
    for transfer in transfers {
      for leg in transfer.legs {
        if guess >= lines.count || lines[guess].account != leg.account { guess = place(of: leg.account) }
        lines[guess].numbers.append(transfer.number)
        if transfer.phase.posts { post(leg, transfer, at: guess) }
      }
    }
  }

  var numbers: [Int64: [Int64]] {
    Dictionary(uniqueKeysWithValues: lines.map { ($0.account, $0.numbers) })
  }

  private mutating func place(of account: Int64) -> Int {
    if lines.count <= Self.few {
      if let known = lines.firstIndex(where: { $0.account == account }) { return known }
    } else if let known = places[account] {
      return known
    }
    lines.append(Line(account: account))
    if lines.count > Self.few {
      for index in (places.isEmpty ? 0 : lines.count - 1)..<lines.count { places[lines[index].account] = index }
    }
    return lines.count - 1
  }

  private mutating func post(_ leg: Leg, _ transfer: Transfer, at place: Int) {
    let index: Int
    if let known = lines[place].days.last(where: { days[$0].day == transfer.businessDate }) {
      index = known
    } else {
      index = days.count
      lines[place].days.append(index)
      days.append(
        DaySums(account: leg.account, day: transfer.businessDate, first: transfer.number, last: transfer.number))
    }
    if leg.amount > 0 { days[index].debits += leg.amount } else { days[index].credits -= leg.amount }
    days[index].last = transfer.number
  }
}

extension Balances {
  /// The totals of an account before a transfer, from those after it.
  /// - Parameter reserved: the legs of the pending transfer that it ended.
  fileprivate mutating func takeBack(_ transfer: Transfer, _ reserved: [Leg], on account: Int64) {
    func amount(_ legs: [Leg]) -> Int64 { legs.first { $0.account == account }?.amount ?? 0 }
    let moved = amount(transfer.legs)
    if transfer.phase == .pending {
      if moved > 0 { debitsPending -= moved } else { creditsPending += moved }
    } else if transfer.phase.posts {
      if moved > 0 { debitsPosted -= moved } else { creditsPosted += moved }
    }
    let freed = amount(reserved)
    if freed > 0 { debitsPending += freed } else { creditsPending -= freed }
  }
}
