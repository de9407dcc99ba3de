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
    for transfer in ledger.recorded { try insert(transfer) }
    for pending in ledger.endedOrMade { try upsert(pending) }
    let changed = ledger.changed
    for account in changed { try update(account) }
    try insertBalances(ledger.recorded, changed)
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

  private func insert(_ transfer: Transfer) throws {
    let content = LedgerRows.content(transfer, at: now)
    let link = try session.extendChain(FundChains.transfers.chain, content)
    guard link.sequence == transfer.number else {
      throw Packed.damaged("the ledger is at \(transfer.number) but its chain at \(link.sequence)")
    }
    try session.execute(
      """
      INSERT INTO fund_transfer (number, hash, id, phase, template, legs, amount, business_day, expires_day,
        pending_number, reference, recorded_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, [.integer(link.sequence), .blob(link.hash)] + content)
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

  /// One row an account: its totals after the command, and the command's transfers that touched it.
  private func insertBalances(_ transfers: [Transfer], _ changed: [Account]) throws {
    var touching: [Int64: [Int64]] = [:]
    for transfer in transfers {
      for leg in transfer.legs { touching[leg.account, default: []].append(transfer.number) }
    }
    for account in changed {
      guard let numbers = touching[account.number] else { continue }
      try session.execute(
        """
        INSERT INTO fund_balance (account, transfer, debits_pending, debits_posted, credits_pending, credits_posted,
          transfers)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [.integer(account.number), .integer(account.lastTransfer)] + Self.totals(account.balances)
          + [.blob(Packed.ascending(numbers))])
    }
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
    for (key, sums) in days {
      try session.execute(
        """
        INSERT INTO fund_day (account, day, debits, credits, first_transfer, last_transfer) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, day) DO UPDATE SET
          debits = fund_day.debits + excluded.debits, credits = fund_day.credits + excluded.credits,
          last_transfer = excluded.last_transfer
        """,
        [
          .integer(key.account), .day(key.day), .integer(sums.debits), .integer(sums.credits), .integer(sums.first),
          .integer(sums.last),
        ])
    }
  }
}
