import Kernel

/// Opens a clearing account, the one kind that no product opens by itself.
package struct CreateAccount: FundCommand {
  package var pool: String
  package var code: String
  package var displayName: String
  package var normalSide: BalanceSide
  package var limit: AccountLimit

  package init(pool: String, code: String, displayName: String, normalSide: BalanceSide, limit: AccountLimit) {
    self.pool = pool
    self.code = code
    self.displayName = displayName
    self.normalSide = normalSide
    self.limit = limit
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Account {
    try Field.id(code, "code", 24)
    guard code.first == ChartOfAccounts.clearingPrefix else {
      throw DomainError.invalid("code", "the code of a clearing account begins with \(ChartOfAccounts.clearingPrefix)")
    }
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    let pool = try fund.pool(pool)
    return try fund.ledger.open(
      ChartOfAccounts.Entry(
        code: code, displayName: displayName, accountClass: .clearing, normalSide: normalSide, limit: limit),
      pool: pool.id, currency: pool.currency, at: context.now)
  }
}
