package import Kernel

/// Changes what limits an account from now on, as another officer proposed, and keeps the change.
package struct SetAccountLimit: FundCommand {
  package var account: String
  package var limit: AccountLimit
  /// Most that may stand on the normal side, pending amounts counted; nil for no bound.
  package var bound: Int64?
  package var reason: String
  package var businessDate: BusinessDate

  package init(account: String, limit: AccountLimit, bound: Int64?, reason: String, businessDate: BusinessDate) {
    self.account = account
    self.limit = limit
    self.bound = bound
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Account {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    if let bound, !(0...FundLimits.amountMinorUnits).contains(bound) {
      throw DomainError.invalid("bound_minor", "a bound lies between 0 and \(FundLimits.amountMinorUnits)")
    }
    guard let account = try fund.ledger.account(id: account) else { throw DomainError.notFound("accounts/\(account)") }
    if account.accountClass == .subsidy || account.accountClass == .compensation {
      throw DomainError(
        .stateConflict, "the bound of accounts/\(account.id) is its programme's", metadata: ["account": account.id])
    }
    if limit != account.limit { try requireRule(account) }
    if let bound, account.standing > bound {
      throw DomainError(
        .limitExceeded, "accounts/\(account.id) stands at \(account.standing), above the bound of \(bound)",
        field: "bound_minor", metadata: ["standing_minor_units": "\(account.standing)"])
    }
    try fund.controlProposed(
      .limitChange,
      ControlledCase(
        subject: "accounts/\(account.id)", pool: account.pool, hands: [],
        terms: DecisionTerms(limit: limit, bound: bound, reason: reason), date: businessDate), context)
    fund.ledger.limit(account.number, rule: limit, bound: bound)
    let history = try fund.records(AccountLimitChange.self, RecordQuery(owner: account.id)).count
    fund.save(
      AccountLimitChange(
        id: "\(account.id).\(NumberedID.make(Int64(history) + 1))", pool: account.pool, account: account.id,
        afterTransfer: fund.ledger.head.transfers, rule: limit.rawValue, bound: bound, reason: reason,
        officer: context.officer, businessDate: businessDate, stamp: RecordStamp(context.now)))
    fund.emit(
      .limitChanged, "accounts/\(account.id)", pool: account.pool, state: "limited",
      amount: bound.map { Money($0, account.currency) }, on: businessDate)
    var changed = account
    changed.limit = limit
    changed.bound = bound
    return changed
  }

  /// The rules of the chart are what keeps a pool from paying what it does not have.
  private func requireRule(_ account: Account) throws(DomainError) {
    guard account.accountClass == .clearing else {
      throw DomainError(
        .stateConflict, "the rule of accounts/\(account.id) belongs to the chart; only clearing accounts change theirs",
        field: "limit", metadata: ["account": account.id])
    }
    guard account.balances.respects(limit) else {
      throw DomainError(
        .limitExceeded, "the totals of accounts/\(account.id) already break that rule", field: "limit",
        metadata: ["account": account.id])
    }
  }
}
