/// What the ledger needs to know of what is recorded already. Stores answer from their transaction, tests from memory.
package protocol LedgerSource {
  /// The account behind `{pool}.{code}`.
  func account(id: String) throws -> Account?
  func account(number: Int64) throws -> Account?
  /// The transfer that a client made under that id.
  func transfer(id: TransferID) throws -> Transfer?
  /// Whether the id was refused for a reason that may pass.
  func isRefused(_ id: TransferID) throws -> Bool
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
