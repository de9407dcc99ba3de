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

  func keep(_ account: Account) {
    state.withLock { state in
      if state.byNumber.count >= Self.maximumAccounts {
        state.byNumber.removeAll()
        state.numbers.removeAll()
      }
      state.byNumber[account.number] = account
      state.numbers[account.id] = account.number
    }
  }

  /// Last day of the pool's closed books, nil inside for none.
  /// - Parameter read: asks the store when it is not known.
  func closedThrough(_ pool: String, _ read: () throws -> BusinessDate?) rethrows -> BusinessDate? {
    if let known = state.withLock({ $0.closed[pool] }) { return known }
    let closed = try read()
    state.withLock { $0.closed[pool] = .some(closed) }
    return closed
  }

  /// Takes over what a command changed, and the state that the store is in with it.
  func take(_ fund: FundTransaction, stamp: Stamp) {
    for account in fund.ledger.newAccounts + fund.ledger.changed { keep(account) }
    state.withLock { state in
      state.stamp = stamp
      for (id, pool) in fund.changes.pools { state.closed[id] = .some(pool.closedThrough) }
    }
  }
}
