import Kernel

/// What a value date may be: after the pool's last close, and without a later day that would then lack money.
extension Ledger {
  mutating func requireOpenBooks(_ pool: String, _ date: BusinessDate) throws {
    if let lastBooks, lastBooks.pool == pool {
      if let closed = lastBooks.closed, date <= closed { throw TransferRefusal(.periodClosed) }
      return
    }
    let closed: BusinessDate?
    if let known = closedBooks[pool] {
      closed = known
    } else {
      closed = try source.closedThrough(pool: pool)
      closedBooks[pool] = .some(closed)
    }
    lastBooks = (pool, closed)
    if let closed, date <= closed { throw TransferRefusal(.periodClosed) }
  }

  /// A posting with the latest value date is checked by the account's totals; an earlier one must leave the closing
  /// balance of every later day within the account's rule as well.
  mutating func checkClosings(_ account: Account, _ posting: PostedDay, leg: Int) throws {
    if !account.accountClass.holdsByValueDate { return }
    let number = account.number
    // Changes count on the side that must not fall below zero.
    let sign: Int128 = account.limit == .creditsMustNotExceedDebits ? 1 : -1
    let change = sign * Int128(posting.change)
    undo.append(.posted(number, PostedDay(day: posting.day, change: Int64(truncatingIfNeeded: change))))
    posted[number, default: []].append(posting)
    let isBackDated = account.lastDay.map { posting.day < $0 } ?? false
    if closings[number]?.covers(posting.day) == true {
      closings[number]?.add(change, from: posting.day)
    } else if isBackDated && change < 0 {
      closings[number] = ClosingBalances(
        try source.postedByDay(account: number) + (posted[number] ?? []), sign: sign, with: posting.day)
    } else {
      // Whatever tree there is lacks this day: it is built anew when one is needed.
      closings[number] = nil
    }
    if isBackDated, change < 0, let least = closings[number]?.least(from: posting.day), least < 0 {
      throw TransferRefusal(.exceedsLimitLater, leg: leg)
    }
  }
}
