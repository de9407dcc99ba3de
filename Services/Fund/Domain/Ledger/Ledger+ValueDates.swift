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
  /// balance of every later day within the account's rule and its bound as well.
  mutating func checkClosings(_ account: Account, _ posting: PostedDay, leg: Int) throws {
    if !account.accountClass.holdsByValueDate { return }
    let number = account.number
    undo.append(.posted(number, posting))
    posted[number, default: []].append(posting)
    // Both are kept up to date before either refuses: whoever catches that takes the posting out of both again.
    var (least, leastHeadroom): (Int128?, Int128?)
    if account.limit != .none {
      // Changes count on the side that must not fall below zero.
      var tree = closings.removeValue(forKey: number)
      least = try follow(&tree, account, posting, sign: account.limit == .creditsMustNotExceedDebits ? 1 : -1)
      closings[number] = tree
    }
    if account.bound != nil {
      var tree = headrooms.removeValue(forKey: number)
      leastHeadroom = try follow(&tree, account, posting, sign: account.normalSide == .debit ? -1 : 1)
      headrooms[number] = tree
    }
    if let least, least < 0 { throw TransferRefusal(.exceedsLimitLater, leg: leg) }
    if let leastHeadroom, let bound = account.bound, leastHeadroom < -Int128(bound) {
      throw TransferRefusal(.exceedsLimitLater, leg: leg)
    }
  }

  /// Keeps the closing balances of an account up to date, or forgets them until they are needed.
  /// - Returns: the least closing balance from the posting's day on, counted with `sign`, when the posting is dated before
  ///   the account's latest day and lowers it; `nil` otherwise.
  private func follow(
    _ tree: inout ClosingBalances?, _ account: Account, _ posting: PostedDay, sign: Int128
  ) throws -> Int128? {
    let isBackDated = account.lastDay.map { posting.day < $0 } ?? false
    let lowers = isBackDated && sign * Int128(posting.change) < 0
    if tree?.covers(posting.day) == true {
      tree?.add(Int128(posting.change), from: posting.day)
    } else if lowers {
      tree = ClosingBalances(
        try source.postedByDay(account: account.number) + (posted[account.number] ?? []), sign: sign,
        with: posting.day)
    } else {
      // Whatever tree there is lacks this day: it is built anew when one is needed.
      tree = nil
    }
    return lowers ? tree?.least(from: posting.day) : nil
  }
}
