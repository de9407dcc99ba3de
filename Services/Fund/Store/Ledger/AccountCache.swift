import FundDomain
import Kernel
import Storage
import Synchronization

/// Accounts and closed books as the last command left them, so that a batch reads no account twice.
///
/// The cache belongs to one state of the store, named by the heads of the transfers' and of the events' chain and the number
/// of accounts: whatever changes a limit or closes a period leaves an event. When the writer finds the store in another
/// state (a commit group was undone), it starts empty: the store is always right.
final class AccountCache: Sendable {
  /// Accounts kept; beyond, the cache starts anew. About 300 bytes each.
  static let maximumAccounts = 100_000

  struct Stamp: Hashable, Sendable {
    var transfers: ChainHead
    var events: ChainHead
    var accounts: Int64

    init(_ session: ReadSession, accounts: Int64) throws {
      transfers = try session.chainHead(FundChains.transfers.chain)
      events = try session.chainHead(Store.eventChain)
      self.accounts = accounts
    }
  }

  private struct State {
    var stamp: Stamp?
    var byNumber: [Int64: Account] = [:]
    var numbers: [String: Int64] = [:]
    /// Last day of the pools' closed books.
    var closed: [String: BusinessDate?] = [:]
    /// Transfers of an account for which it has no row in `fund_balance` yet.
    var tails: [Int64: [Int64]] = [:]
    /// The greatest id of any transfer; nil inside for none.
    var greatestID: TransferID??
    /// Whether any id was ever refused.
    var hasRefusals: Bool?
  }

  private let state = Mutex(State())

  /// Declares which state the store is in; forgets everything of another one.
  func align(with stamp: Stamp) {
    state.withLock { state in
      if state.stamp != stamp { state = State() }
      state.stamp = stamp
    }
  }

  func account(number: Int64) -> Account? { state.withLock { $0.byNumber[number] } }

  func account(id: String) -> Account? {
    state.withLock { state in state.numbers[id].flatMap { state.byNumber[$0] } }
  }

  func keep(_ account: Account) { state.withLock { Self.keep(account, in: &$0) } }

  private static func keep(_ account: Account, in state: inout State) {
    if state.byNumber.count >= maximumAccounts {
      state.byNumber.removeAll()
      state.numbers.removeAll()
      state.tails.removeAll()
    }
    // The id of a known account is known.
    if state.byNumber.updateValue(account, forKey: account.number) == nil { state.numbers[account.id] = account.number }
  }

  /// Last day of the pool's closed books, nil inside for none.
  /// - Parameter read: asks the store when it is not known.
  func closedThrough(_ pool: String, _ read: () throws -> BusinessDate?) rethrows -> BusinessDate? {
    if let known = state.withLock({ $0.closed[pool] }) { return known }
    let closed = try read()
    state.withLock { $0.closed[pool] = .some(closed) }
    return closed
  }

  /// - Parameter read: asks the store when it is not known.
  func tail(_ account: Int64, _ read: () throws -> [Int64]) rethrows -> [Int64] {
    if let known = state.withLock({ $0.tails[account] }) { return known }
    return try read()
  }

  /// The greatest id of any transfer.
  /// - Parameter read: asks the store when it is not known.
  func greatestID(_ read: () throws -> TransferID?) rethrows -> TransferID? {
    if let known = state.withLock({ $0.greatestID }) { return known }
    let found = try read()
    state.withLock { $0.greatestID = .some(found) }
    return found
  }

  /// - Parameter read: asks the store when it is not known.
  func hasRefusals(_ read: () throws -> Bool) rethrows -> Bool {
    if let known = state.withLock({ $0.hasRefusals }) { return known }
    let found = try read()
    state.withLock { $0.hasRefusals = found }
    return found
  }

  /// Takes over what a command changed, and the state that the store is in with it.
  /// - Parameter tails: of the accounts that it touched.
  func take(_ fund: FundTransaction, tails: [Int64: [Int64]], stamp: Stamp) {
    let greatest = fund.ledger.recorded.lazy.compactMap(\.id).max()
    state.withLock { state in
      state.stamp = stamp
      for account in fund.ledger.newAccounts { Self.keep(account, in: &state) }
      for account in fund.ledger.changed { Self.keep(account, in: &state) }
      for (account, tail) in tails { state.tails[account] = tail }
      if let greatest, case .some(let known) = state.greatestID {
        state.greatestID = .some(max(known ?? greatest, greatest))
      }
      if !fund.ledger.refused.isEmpty { state.hasRefusals = true }
      for (id, pool) in fund.changes.pools { state.closed[id] = .some(pool.closedThrough) }
    }
  }
}
