package import Kernel

/// What the ledger needs to know of what is recorded already. Stores answer from their transaction, tests from memory.
package protocol LedgerSource {
  /// The account behind `{pool}.{code}`.
  func account(id: String) throws -> Account?
  func account(number: Int64) throws -> Account?
  /// The transfer that a client made under that id.
  func transfer(id: TransferID) throws -> Transfer?
  /// The transfer of that number.
  func transfer(number: Int64) throws -> Transfer?
  /// What was posted on the account by value date, debits less credits, in the order of the days.
  func postedByDay(account number: Int64) throws -> [PostedDay]
  /// Last day of the pool's closed books; nil before the first close.
  func closedThrough(pool: String) throws -> BusinessDate?
  /// Whether the id was refused for a reason that may pass.
  func isRefused(_ id: TransferID) throws -> Bool
  /// The recorded and the refused ids of a stretch; nil when there are more than `limit`, or when the source does not
  /// look them up together.
  func takenIDs(in range: ClosedRange<TransferID>, atMost limit: Int) throws -> Set<TransferID>?
  /// The transfer of that number when it is a pending one, whatever became of it.
  func pending(number: Int64) throws -> PendingTransfer?
  /// Number of the latest transfer and of the latest account; 0 before the first.
  func ledgerHead() throws -> LedgerHead
}

package struct LedgerHead: Sendable, Hashable {
  package var transfers: Int64
  package var accounts: Int64

  package init(transfers: Int64, accounts: Int64) {
    self.transfers = transfers
    self.accounts = accounts
  }
}

/// What was posted on an account with one value date: debits less credits, minor units.
package struct PostedDay: Sendable, Hashable {
  package let day: BusinessDate
  package let change: Int64

  package init(day: BusinessDate, change: Int64) {
    self.day = day
    self.change = change
  }
}

extension LedgerSource {
  package func takenIDs(in range: ClosedRange<TransferID>, atMost limit: Int) throws -> Set<TransferID>? { nil }
}
