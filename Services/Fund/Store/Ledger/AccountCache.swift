import FundDomain
import Storage
import Synchronization

/// Accounts as the last command left them, so that a batch reads no account twice.
///
/// The cache belongs to one state of the ledger, named by the transfer chain's head and the number of accounts. When the
/// writer finds the store in another state (a commit group was undone), it starts empty: the store is always right.
final class AccountCache: Sendable {
  /// Accounts kept; beyond, the cache starts anew. About 300 bytes each.
  static let maximumAccounts = 100_000

  struct Stamp: Hashable, Sendable {
    var chain: ChainHead
    var accounts: Int64
  }

  private struct State {
    var stamp: Stamp?
    var byNumber: [Int64: Account] = [:]
    var numbers: [String: Int64] = [:]
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

  /// Takes over what a command changed, and the state that the store is in with it.
  func take(_ accounts: [Account], stamp: Stamp) {
    for account in accounts { keep(account) }
    state.withLock { $0.stamp = stamp }
  }
}
