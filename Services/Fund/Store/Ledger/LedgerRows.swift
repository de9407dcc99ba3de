import FundDomain
import Kernel
import Storage

/// Rows of the ledger's tables as values.
enum LedgerRows {
  static let accountColumns = """
    number, pool, code, display_name, class, normal_side, currency, limit_rule, create_time, debits_pending, \
    debits_posted, credits_pending, credits_posted, last_transfer, closed, \
    bound, last_day
    """

  static func account(_ row: Row) throws -> Account {
    Account(
      number: try row.int64(0), pool: try row.text(1), code: try row.text(2), displayName: try row.text(3),
      accountClass: try row.code(4), normalSide: try row.code(5), currency: try row.currency(6),
      limit: try row.code(7), createTime: try row.instant(8), balances: try balances(row, from: 9),
      lastTransfer: try row.int64(13), isClosed: try row.flag(14), bound: try row.optionalInt64(15),
      lastDay: try row.optionalDay(16))
  }

  static func balances(_ row: Row, from index: Int) throws -> Balances {
    Balances(
      debitsPending: try row.int64(index), debitsPosted: try row.int64(index + 1),
      creditsPending: try row.int64(index + 2), creditsPosted: try row.int64(index + 3))
  }

  static let transferColumns = """
    number, id, phase, template, legs, amount, business_day, expires_day, pending_number, reference, recorded_at, hash
    """

  /// - Parameter pool: the pool of an account, by its number.
  static func transfer(_ row: Row, pool: (Int64) throws -> String) throws -> Transfer {
    let legs = try Packed.legs(try row.blob(4))
    guard let first = legs.first else { throw Packed.damaged("transfer \(try row.int64(0)) has no legs") }
    return Transfer(
      number: try row.int64(0), id: try row.optionalBlob(1).map { try Packed.id($0) }, pool: try pool(first.account),
      phase: try row.code(2), template: try row.code(3), legs: legs, amount: try row.int64(5),
      businessDate: try row.day(6), expiresOn: try row.optionalDay(7), pendingNumber: try row.optionalInt64(8) ?? 0,
      reference: try row.text(9))
  }

  /// What the hash covers, in the order of `FundChains.transfers`.
  static func content(_ transfer: Transfer, at now: Instant) -> [SQLValue] {
    // Room for the number and the hash besides, which are part of the row.
    var values: [SQLValue] = []
    values.reserveCapacity(12)
    values.append(.blob(transfer.id.map(Packed.id)))
    values.append(.code(transfer.phase))
    values.append(.code(transfer.template))
    values.append(.blob(Packed.legs(transfer.legs)))
    values.append(.integer(transfer.amount))
    values.append(.day(transfer.businessDate))
    values.append(.day(transfer.expiresOn))
    values.append(transfer.pendingNumber == 0 ? .null : .integer(transfer.pendingNumber))
    values.append(.text(transfer.reference))
    values.append(.time(now))
    return values
  }
}
