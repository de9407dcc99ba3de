import FundDomain
import Kernel
import Storage

/// Balances of the past: by transfer number from the rows that each command left, by business date from the sums of
/// each day.
struct PastBalance {
  let source: SQLFundSource

  init(_ source: SQLFundSource) { self.source = source }

  /// Totals right after that transfer. A row stands for several transfers, so a number between two rows is reached from the
  /// one before by replaying the transfers since that touch the account.
  func balances(of account: Account, after number: Int64) throws -> Balances {
    let before = try source.session.first(
      """
      SELECT transfer, debits_pending, debits_posted, credits_pending, credits_posted FROM fund_balance
      WHERE account = ? AND transfer <= ? ORDER BY transfer DESC LIMIT 1
      """, [.integer(account.number), .integer(number)]
    ) { (transfer: try $0.int64(0), balances: try LedgerRows.balances($0, from: 1)) }
    guard let before else { return try replay(.zero, account, from: 0, to: number) }
    return try before.transfer == number
      ? before.balances : replay(before.balances, account, from: before.transfer, to: number)
  }

  private func replay(_ start: Balances, _ account: Account, from: Int64, to: Int64) throws -> Balances {
    var balances = start
    try source.forEachTouching(account.number, from: to + 1) { numbers in
      for number in numbers where number > from && number <= to { try apply(number, to: &balances, account) }
      return false
    }
    return balances
  }

  private func apply(_ number: Int64, to balances: inout Balances, _ account: Account) throws {
    let movement = try movement(number, account)
    switch movement.phase {
    case .single: Self.add(movement.amount, posted: true, to: &balances)
    case .pending: Self.add(movement.amount, posted: false, to: &balances)
    case .postPending, .voidPending, .expirePending:
      Self.release(try self.movement(movement.pendingNumber, account).amount, from: &balances)
      if movement.phase == .postPending { Self.add(movement.amount, posted: true, to: &balances) }
    }
  }

  private struct Movement {
    var phase: TransferPhase
    var amount: Int64
    var pendingNumber: Int64
  }

  /// What a transfer does to the account: it may be one of a hundred, so nothing else is read.
  private func movement(_ number: Int64, _ account: Account) throws -> Movement {
    if let known = source.knownChunk(holding: number) { return try movement(number, account, in: known) }
    let row = try source.session.first(
      "SELECT phase, legs, pending_number FROM fund_transfer WHERE number = ?", [.integer(number)]
    ) { row in
      Movement(
        phase: try row.code(0),
        amount: try Packed.legs(try row.blob(1)).first { $0.account == account.number }?.amount ?? 0,
        pendingNumber: try row.optionalInt64(2) ?? 0)
    }
    if let row { return row }
    guard let chunk = try source.chunk(holding: number, whole: false) else {
      throw Packed.damaged("transfer \(number) is missing")
    }
    return try movement(number, account, in: chunk)
  }

  private func movement(_ number: Int64, _ account: Account, in chunk: TransferChunk.Reader) throws -> Movement {
    Movement(phase: .single, amount: try chunk.amount(number, on: account.number), pendingNumber: 0)
  }

  private static func add(_ amount: Int64, posted: Bool, to balances: inout Balances) {
    switch (amount > 0, posted) {
    case (true, true): balances.debitsPosted += amount
    case (true, false): balances.debitsPending += amount
    case (false, true): balances.creditsPosted -= amount
    case (false, false): balances.creditsPending -= amount
    }
  }

  private static func release(_ amount: Int64, from balances: inout Balances) {
    if amount > 0 { balances.debitsPending -= amount } else { balances.creditsPending += amount }
  }

  /// Posted totals at the close of the day, by value date.
  func balances(of account: Account, closing date: BusinessDate) throws -> Balances {
    try source.session.first(
      "SELECT COALESCE(SUM(debits), 0), COALESCE(SUM(credits), 0) FROM fund_day WHERE account = ? AND day <= ?",
      [.integer(account.number), .day(date)]
    ) { Balances(debitsPosted: try $0.int64(0), creditsPosted: try $0.int64(1)) } ?? .zero
  }
}
