package import Kernel

/// Pays a party to the pool's guarantees what the pool owes it: its part of recoveries, re-guarantee fees, less its part of
/// claims that it has not made good. Another officer proposed the same amount for the same payee; the payee's own people take
/// no part.
package struct PayParty: FundCommand {
  /// Account of the party, `{pool}.1202.{party}`.
  package var account: String
  package var payee: String
  package var amount: Money
  package var businessDate: BusinessDate

  package init(account: String, payee: String, amount: Money, businessDate: BusinessDate) {
    self.account = account
    self.payee = payee
    self.amount = amount
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Account {
    try Field.text(payee, "payee", 1...FundLimits.organisationLength)
    guard let account = try fund.ledger.account(id: account) else { throw DomainError.notFound("accounts/\(account)") }
    try Field.positive(amount, "amount", in: account.currency)
    let owed = try account.owedToParty
    if amount.minorUnits > owed {
      throw DomainError(
        .limitExceeded, "\(amount) is more than the \(Money(owed, account.currency)) owed", field: "amount",
        metadata: ["owed_minor_units": "\(owed)"])
    }
    let name = "accounts/\(account.id)"
    try fund.controlProposed(
      .partyPayment,
      ControlledCase(
        subject: name, pool: account.pool, hands: [], beneficiary: payee,
        terms: DecisionTerms(amount: amount, party: payee), date: businessDate), context)
    try fund.ledger.post(
      Postings(pool: account.pool, reference: name, on: businessDate)
        .single(.partyPayout, debit: account.code, credit: ChartOfAccounts.cash, amount.minorUnits))
    fund.emit(.partyPaid, name, pool: account.pool, state: "paid", party: payee, amount: amount, on: businessDate)
    return try fund.ledger.account(number: account.number) ?? account
  }
}

extension Account {
  /// What the pool owes the party, minor units; never negative.
  /// - Throws: `STATE_CONFLICT` for an account of another kind.
  var owedToParty: Int64 {
    get throws(DomainError) {
      guard accountClass == .party else {
        throw DomainError(
          .stateConflict, "accounts/\(id) is no party's account", field: "name", metadata: ["account": id])
      }
      return max(0, balances.creditsPosted - balances.debitsPosted - balances.debitsPending)
    }
  }
}
