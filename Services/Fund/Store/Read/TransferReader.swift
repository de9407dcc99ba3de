import FundDomain
import Kernel
import Storage

/// Reads transfers with what their record does not hold: names of accounts and what became of pending ones.
final class TransferReader {
  private let source: SQLFundSource
  private var accounts: [Int64: Account] = [:]

  init(_ source: SQLFundSource) { self.source = source }

  private static let select = """
    SELECT \(LedgerRows.transferColumns.split(separator: ",").map { "t.\($0.drop { $0 == " " })" }
      .joined(separator: ", ")), p.state FROM fund_transfer AS t LEFT JOIN fund_pending AS p ON p.number = t.number
    """

  func transfer(_ number: Int64) throws -> TransferView? {
    let row = try source.session.first("\(Self.select) WHERE t.number = ?", [.integer(number)], view)
    return try row ?? source.chunk(holding: number).flatMap { try views(number...number, in: $0).first }
  }

  /// The transfers after a number, in order.
  func transfers(after number: Int64, limit: Int) throws -> [TransferView] {
    var found: [TransferView] = []
    var next = number + 1
    while found.count < limit {
      if let chunk = try source.chunk(holding: next) {
        let end = min(chunk.last, next + Int64(limit - found.count) - 1)
        found += try views(next...end, in: chunk)
        next = end + 1
        continue
      }
      let rows = try rows(from: next, limit: limit - found.count)
      if rows.isEmpty { break }
      found += rows
      next += Int64(rows.count)
    }
    return found
  }

  /// Rows that follow one another without a gap, which a chunk would leave.
  private func rows(from number: Int64, limit: Int) throws -> [TransferView] {
    var found: [TransferView] = []
    try source.session.scan(
      "\(Self.select) WHERE t.number >= ? ORDER BY t.number LIMIT ?", [.integer(number), .integer(Int64(limit))]
    ) { row in
      if try row.int64(0) != number + Int64(found.count) { return false }
      found.append(try view(row))
      return true
    }
    return found
  }

  /// Walks the account's transfers until enough are found.
  func touching(_ account: Account, after number: Int64, limit: Int) throws -> [TransferView] {
    var numbers: [Int64] = []
    try source.forEachTouching(account.number, from: number + 1) { some in
      numbers += some.filter { $0 > number }
      return numbers.count < limit
    }
    return try numbers.prefix(limit).map { number in
      guard let found = try transfer(number) else { throw Packed.damaged("transfer \(number) is missing") }
      return found
    }
  }

  private func view(_ row: Row) throws -> TransferView {
    try view(
      LedgerRows.transfer(row) { try self.account($0).pool }, pending: row.isNull(12) ? nil : try row.code(12),
      at: try row.instant(10), hash: try row.blob(11))
  }

  private func views(_ numbers: ClosedRange<Int64>, in chunk: TransferChunk.Reader) throws -> [TransferView] {
    let hashes = try chunk.hashes(numbers) { try source.hash(of: chunk.first - 1) }
    return try zip(numbers, hashes).map { number, hash in
      try view(
        chunk.transfer(number) { try self.account($0).pool }, pending: nil, at: chunk.recordedAt, hash: hash)
    }
  }

  private func view(
    _ transfer: Transfer, pending: PendingState?, at recordedAt: Instant, hash: [UInt8]
  ) throws -> TransferView {
    let accounts = try transfer.legs.map { try account($0.account) }
    guard let currency = accounts.first?.currency else { throw Packed.damaged("a transfer has no legs") }
    return TransferView(
      transfer: transfer, currency: currency, accounts: accounts.map(\.id), pendingState: pending,
      recordedAt: recordedAt, hash: hash)
  }

  private func account(_ number: Int64) throws -> Account {
    if let known = accounts[number] { return known }
    guard let found = try source.account(number: number) else { throw Packed.damaged("account \(number) is missing") }
    accounts[number] = found
    return found
  }
}
