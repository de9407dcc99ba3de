import FundDomain
import Kernel
import Storage

/// Persists what a command did to the ledger: transfers one row each, everything else one row per account, day or
/// pending transfer touched, however large the batch.
struct LedgerWriter {
  let session: WriteSession
  let now: Instant

  func persist(_ ledger: Ledger) throws {
    for account in ledger.newAccounts { try insert(account) }
    try insert(ledger.recorded)
    for pending in ledger.endedOrMade { try upsert(pending) }
    for account in ledger.changed { try update(account) }
    try insertBalances(ledger)
    try upsertDays(ledger.recorded)
    for id in ledger.refused {
      try session.execute(
        "INSERT INTO fund_refusal (id) VALUES (?) ON CONFLICT (id) DO NOTHING", [.blob(Packed.id(id))])
    }
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

  private func update(_ account: Account) throws {
    try session.execute(
      """
      UPDATE fund_account SET debits_pending = ?, debits_posted = ?, credits_pending = ?, credits_posted = ?,
        last_transfer = ?, last_day = ?, limit_rule = ?, bound = ? WHERE number = ?
      """,
      Self.totals(account.balances) + [
        .integer(account.lastTransfer), .day(account.lastDay), .code(account.limit), .integer(account.bound),
        .integer(account.number),
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

  /// Most transfers that a row of `fund_balance` stands for: a balance inside a batch is reached by replaying so many.
  private static let balanceStep = 128

  /// One row an account: its totals after the command, and the command's transfers that touched it; a row more for every
  /// `balanceStep` of them.
  private func insertBalances(_ ledger: Ledger) throws {
    guard let first = ledger.recorded.first?.number else { return }
    var touching: [Int64: [Int64]] = [:]
    for transfer in ledger.recorded {
      for leg in transfer.legs { touching[leg.account, default: []].append(transfer.number) }
    }
    let reserved = Dictionary(uniqueKeysWithValues: ledger.endedOrMade.map { ($0.transfer.number, $0.transfer.legs) })
    var rows = Self.balanceRows.buffer(session)
    for account in ledger.changed {
      guard var numbers = touching[account.number] else { continue }
      var balances = account.balances
      while let last = numbers.last {
        let step = Array(numbers.suffix(Self.balanceStep))
        try rows.add(
          [.integer(account.number), .integer(last)] + Self.totals(balances) + [.blob(Packed.ascending(step))])
        numbers.removeLast(step.count)
        if numbers.isEmpty { break }
        for number in step.reversed() {
          let transfer = ledger.recorded[Int(number - first)]
          balances.takeBack(transfer, reserved[transfer.pendingNumber] ?? [], on: account.number)
        }
      }
    }
    try rows.finish()
  }

  private struct AccountDay: Hashable {
    var account: Int64
    var day: BusinessDate
  }

  private struct DaySums {
    var debits: Int64 = 0
    var credits: Int64 = 0
    var first: Int64
    var last: Int64
  }

  /// What was posted by value date.
  private func upsertDays(_ transfers: [Transfer]) throws {
    var days: [AccountDay: DaySums] = [:]
    for transfer in transfers where transfer.phase.posts {
      for leg in transfer.legs {
        let key = AccountDay(account: leg.account, day: transfer.businessDate)
        var sums = days[key] ?? DaySums(first: transfer.number, last: transfer.number)
        if leg.amount > 0 { sums.debits += leg.amount } else { sums.credits -= leg.amount }
        sums.last = transfer.number
        days[key] = sums
      }
    }
    var rows = Self.dayRows.buffer(session)
    for (key, sums) in days {
      try rows.add([
        .integer(key.account), .day(key.day), .integer(sums.debits), .integer(sums.credits), .integer(sums.first),
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
