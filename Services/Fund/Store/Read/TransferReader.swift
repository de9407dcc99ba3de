import FundDomain
import Kernel
import Storage

/// Reads transfers with what their record does not hold: names of accounts and what became of pending ones.
final class TransferReader {
  private let source: SQLFundSource
  private var accounts: [Int64: Account] = [:]

  init(_ source: SQLFundSource) { self.source = source }

  private static let columns = LedgerRows.transferColumns.split(separator: ",").map { "t.\($0.drop { $0 == " " })" }
    .joined(separator: ", ")

  /// - Parameter tail: what follows `FROM fund_transfer AS t`.
  func transfers(_ tail: String, _ arguments: [SQLValue]) throws -> [TransferView] {
    try source.session.query(
      "SELECT \(Self.columns), p.state FROM fund_transfer AS t LEFT JOIN fund_pending AS p ON p.number = t.number \(tail)",
      arguments, view)
  }

  func recorded(_ number: Int64) throws -> Transfer? {
    try source.session.first(
      "SELECT \(LedgerRows.transferColumns) FROM fund_transfer WHERE number = ?", [.integer(number)]
    ) { try LedgerRows.transfer($0) { try self.account($0).pool } }
  }

  /// Walks the rows that each command left for the account until enough transfers are found.
  func touching(_ account: Account, after number: Int64, limit: Int) throws -> [TransferView] {
    var numbers: [Int64] = []
    try source.session.scan(
      "SELECT transfers FROM fund_balance WHERE account = ? AND transfer > ? ORDER BY transfer",
      [.integer(account.number), .integer(number)]
    ) { row in
      numbers += try Packed.ascending(try row.blob(0)).filter { $0 > number }
      return numbers.count < limit
    }
    return try numbers.prefix(limit).flatMap { try transfers("WHERE t.number = ?", [.integer($0)]) }
  }

  private func view(_ row: Row) throws -> TransferView {
    let transfer = try LedgerRows.transfer(row) { try self.account($0).pool }
    let accounts = try transfer.legs.map { try account($0.account) }
    guard let currency = accounts.first?.currency else { throw Packed.damaged("a transfer has no legs") }
    return TransferView(
      transfer: transfer, currency: currency, accounts: accounts.map(\.id),
      pendingState: row.isNull(12) ? nil : try row.code(12), recordedAt: try row.instant(10), hash: try row.blob(11))
  }

  private func account(_ number: Int64) throws -> Account {
    if let known = accounts[number] { return known }
    guard let found = try source.account(number: number) else { throw Packed.damaged("account \(number) is missing") }
    accounts[number] = found
    return found
  }
}
