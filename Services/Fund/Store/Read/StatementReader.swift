import FundDomain
import Kernel
import Storage

/// Reads the movements of an account by value date. The days of the span say between which numbers they lie.
struct StatementReader {
  let source: SQLFundSource
  let account: Account

  func statement(from: BusinessDate, to: BusinessDate) throws -> AccountStatement {
    if to < from { throw DomainError.invalid("to", "\(to) lies before \(from)") }
    let before = try source.session.first(
      "SELECT COALESCE(SUM(debits), 0), COALESCE(SUM(credits), 0) FROM fund_day WHERE account = ? AND day < ?",
      [.integer(account.number), .day(from)]
    ) { Balances(debitsPosted: try $0.int64(0), creditsPosted: try $0.int64(1)) }
    let opening = (before ?? .zero).posted(on: account.normalSide)
    var balance = opening
    let entries = try movements(from, to).map { transfer, amount in
      balance += account.normalSide == .debit ? amount : -amount
      return AccountStatement.Entry(
        transfer: transfer.number, businessDate: transfer.businessDate, template: transfer.template,
        reference: transfer.reference, amount: amount, balance: balance)
    }
    return AccountStatement(account: account, from: from, to: to, opening: opening, entries: entries)
  }

  private func movements(_ from: BusinessDate, _ to: BusinessDate) throws -> [(Transfer, Int64)] {
    let span = try source.session.first(
      """
      SELECT MIN(first_transfer), MAX(last_transfer) FROM fund_day WHERE account = ? AND day BETWEEN ? AND ?
      """, [.integer(account.number), .day(from), .day(to)]
    ) { (first: try $0.optionalInt64(0), last: try $0.optionalInt64(1)) }
    guard let span, let first = span.first, let last = span.last else { return [] }
    var found: [(Transfer, Int64)] = []
    try source.forEachTouching(account.number, from: first) { numbers in
      for number in numbers where number >= first && number <= last {
        guard let transfer = try source.transfer(number: number), transfer.phase.posts,
          transfer.businessDate >= from, transfer.businessDate <= to,
          let leg = transfer.legs.first(where: { $0.account == account.number })
        else { continue }
        if found.count == AccountStatement.maximumEntries {
          throw DomainError(
            .batchTooLarge, "a statement holds at most \(AccountStatement.maximumEntries) movements; ask for a part",
            field: "to")
        }
        found.append((transfer, leg.amount))
      }
      return numbers.last.map { $0 < last } ?? true
    }
    return found.sorted { ($0.0.businessDate, $0.0.number) < ($1.0.businessDate, $1.0.number) }
  }
}
