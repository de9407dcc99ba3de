import FundDomain
import Kernel
import Storage

/// Recomputes every account's totals from the transfers alone. The hash chain proves the transfers; this proves that
/// the balances are theirs.
struct LedgerReplay {
  private var totals: [Int64: Balances] = [:]
  private var open: [Int64: [Leg]] = [:]

  /// - Returns: number of the latest transfer of the first account whose kept totals differ; `nil` when all agree.
  static func firstDifference(in session: ReadSession) throws -> Int64? {
    var replay = LedgerReplay()
    try session.scan("SELECT number, phase, legs, pending_number FROM fund_transfer ORDER BY number") { row in
      try replay.apply(
        number: try row.int64(0), phase: try row.code(1), legs: try Packed.legs(try row.blob(2)),
        pendingNumber: try row.optionalInt64(3) ?? 0)
      return true
    }
    // What stands in chunks was posted directly, and the order of such transfers does not change any total.
    try session.scan("SELECT \(TransferChunk.movementColumns) FROM fund_chunk ORDER BY first") { row in
      try TransferChunk.Reader(row).forEachLegs { replay.add($0, sign: 1, posted: true) }
      return true
    }
    let accounts = try session.query(
      "SELECT \(LedgerRows.accountColumns) FROM fund_account ORDER BY number", [], LedgerRows.account)
    for account in accounts where account.balances != replay.totals[account.number] ?? .zero {
      return max(1, account.lastTransfer)
    }
    return nil
  }

  private mutating func apply(number: Int64, phase: TransferPhase, legs: [Leg], pendingNumber: Int64) throws {
    switch phase {
    case .single: add(legs, sign: 1, posted: true)
    case .pending:
      add(legs, sign: 1, posted: false)
      open[number] = legs
    case .postPending, .voidPending, .expirePending:
      guard let reserved = open.removeValue(forKey: pendingNumber) else {
        throw Packed.damaged("transfer \(number) ends \(pendingNumber), which is not open")
      }
      add(reserved, sign: -1, posted: false)
      if phase == .postPending { add(legs, sign: 1, posted: true) }
    }
  }

  private mutating func add(_ legs: [Leg], sign: Int64, posted: Bool) {
    for leg in legs {
      let field: WritableKeyPath<Balances, Int64> =
        switch (leg.amount > 0, posted) {
        case (true, true): \.debitsPosted
        case (true, false): \.debitsPending
        case (false, true): \.creditsPosted
        case (false, false): \.creditsPending
        }
      totals[leg.account, default: .zero][keyPath: field] &+= sign &* abs(leg.amount)
    }
  }
}
