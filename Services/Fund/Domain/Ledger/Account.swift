package import Kernel

/// On which side an account normally stands.
package enum BalanceSide: Int64, Sendable, Hashable, CaseIterable {
  case debit = 1
  case credit = 2
}

/// What an account holds. Posting templates are written in terms of classes, never of single accounts.
package enum AccountClass: Int64, Sendable, Hashable, CaseIterable {
  /// Money in the bank.
  case cash = 1
  /// Subrogated claims on borrowers (应收代偿款).
  case subrogation = 2
  /// What a liability-sharing party owes the pool, or is owed (分担款往来).
  case party = 3
  /// Principal of bridge loans outstanding.
  case bridgePrincipal = 4
  /// Capital put in by the owners.
  case capital = 5
  /// Guarantee fees earned.
  case guaranteeFeeIncome = 6
  /// Bridge fees earned.
  case bridgeFeeIncome = 7
  /// Claims written off.
  case claimLoss = 8
  /// Between accounts of the pool that are neither cash nor a claim.
  case clearing = 9
  /// Memorandum: counterpart of the facilities' limits.
  case limitContra = 10
  /// Memorandum: what a facility may still take on.
  case capacity = 11
  /// Memorandum: liability of a facility in force.
  case liability = 12
  /// Penalties of late bridge loans.
  case penaltyIncome = 13
  /// Bridge fees earned and not paid yet (应收转贷服务费).
  case accruedFee = 14
  /// Guarantee fees received and not earned yet (未到期责任准备).
  case unearnedFee = 15
  /// Risk compensation paid (风险补偿支出).
  case compensation = 16
  /// Subsidies and incentives paid (贴息与奖补支出).
  case subsidy = 17
  /// Money received that nobody has identified yet (暂收款).
  case suspense = 18
  /// Charges that the bank took (银行手续费).
  case bankCharge = 19

  /// Whether a posting with an earlier value date must leave every later closing balance within the account's rule. What a
  /// facility may take on is granted as of now and says nothing about the past.
  var holdsByValueDate: Bool { self != .capacity }
}

/// The rule that no transfer may break. Pending amounts count on the limited side and never on the other, so that what
/// is reserved today cannot fail tomorrow.
package enum AccountLimit: Int64, Sendable, Hashable, CaseIterable {
  case none = 1
  /// `debitsPending + debitsPosted ≤ creditsPosted`
  case debitsMustNotExceedCredits = 2
  /// `creditsPending + creditsPosted ≤ debitsPosted`
  case creditsMustNotExceedDebits = 3
}

/// The four running totals of an account in minor units; never negative.
package struct Balances: Sendable, Hashable {
  package var debitsPending: Int64
  package var debitsPosted: Int64
  package var creditsPending: Int64
  package var creditsPosted: Int64

  package init(
    debitsPending: Int64 = 0, debitsPosted: Int64 = 0, creditsPending: Int64 = 0, creditsPosted: Int64 = 0
  ) {
    self.debitsPending = debitsPending
    self.debitsPosted = debitsPosted
    self.creditsPending = creditsPending
    self.creditsPosted = creditsPosted
  }

  package static let zero = Balances()

  /// What is posted on `side` less what is posted on the other. Two non-negative numbers cannot overflow here.
  package func posted(on side: BalanceSide) -> Int64 {
    side == .debit ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
  }

  package func respects(_ limit: AccountLimit) -> Bool {
    switch limit {
    case .none: true
    case .debitsMustNotExceedCredits: Self.fits(debitsPending, debitsPosted, within: creditsPosted)
    case .creditsMustNotExceedDebits: Self.fits(creditsPending, creditsPosted, within: debitsPosted)
    }
  }

  private static func fits(_ pending: Int64, _ posted: Int64, within other: Int64) -> Bool {
    let (sum, overflow) = pending.addingReportingOverflow(posted)
    return !overflow && sum <= other
  }
}

/// One account of a pool's chart.
package struct Account: Sendable, Hashable {
  /// Compact key inside the store, 1 for the first account of all pools.
  package let number: Int64
  /// Id of the pool.
  package let pool: String
  /// Code in the chart: `1001`, or `8001.{facility}`.
  package let code: String
  package let displayName: String
  package let accountClass: AccountClass
  package let normalSide: BalanceSide
  package let currency: Currency
  package var limit: AccountLimit
  /// Most that may stand on the normal side, pending amounts counted, minor units; nil for no bound.
  package var bound: Int64?
  package let createTime: Instant
  package var balances: Balances
  /// Number of the latest transfer that touched the account; 0 for none.
  package var lastTransfer: Int64
  package var isClosed: Bool
  /// Latest value date posted on it; nil before the first.
  package var lastDay: BusinessDate?

  package init(
    number: Int64, pool: String, code: String, displayName: String, accountClass: AccountClass, normalSide: BalanceSide,
    currency: Currency, limit: AccountLimit, createTime: Instant, balances: Balances = .zero, lastTransfer: Int64 = 0,
    isClosed: Bool = false, bound: Int64? = nil, lastDay: BusinessDate? = nil
  ) {
    self.number = number
    self.pool = pool
    self.code = code
    self.displayName = displayName
    self.accountClass = accountClass
    self.normalSide = normalSide
    self.currency = currency
    self.limit = limit
    self.createTime = createTime
    self.balances = balances
    self.lastTransfer = lastTransfer
    self.isClosed = isClosed
    self.bound = bound
    self.lastDay = lastDay
  }

  /// `{pool}.{code}`, the id behind `accounts/`.
  package var id: String { AccountID.make(pool: pool, code: code) }

  /// What stands on the normal side, posted and pending. Posted totals cannot be so far apart that this wraps, because
  /// both are sums of recorded amounts; it saturates all the same.
  package var standing: Int64 {
    let posted = balances.posted(on: normalSide)
    let pending = normalSide == .debit ? balances.debitsPending : balances.creditsPending
    let (sum, overflow) = posted.addingReportingOverflow(pending)
    return overflow ? .max : sum
  }

  /// Posted balance on the normal side.
  package var balance: Money { Money(balances.posted(on: normalSide), currency) }
}

/// `{pool}.{code}`: pool ids hold no dot, so the first one separates.
package enum AccountID {
  package static func make(pool: String, code: String) -> String { "\(pool).\(code)" }

  /// - Throws: `INVALID_RESOURCE_NAME`.
  package static func parts(
    _ id: String, field: String
  ) throws(DomainError) -> (pool: String, code: String) {
    guard let dot = id.firstIndex(of: "."), dot != id.startIndex, id.index(after: dot) != id.endIndex else {
      throw DomainError(.invalidResourceName, "\"\(id.prefix(96))\" is not of the form {pool}.{code}", field: field)
    }
    return (String(id[..<dot]), String(id[id.index(after: dot)...]))
  }
}
