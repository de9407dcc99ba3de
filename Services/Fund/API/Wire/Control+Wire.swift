import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_Decision: OutcomeMessage {
  init(_ decision: Decision) {
    self.init()
    name = decision.name
    step = .init(code: decision.step)
    state = .init(code: decision.state)
    pool = "pools/\(decision.pool)"
    subject = decision.subject
    if let money = decision.terms.money { amount = .init(money) }
    if let rule = decision.terms.limit { limit = .init(code: rule) }
    if let bound = decision.terms.bound { boundMinor = bound }
    reason = decision.terms.reason
    party = decision.terms.party ?? ""
    if let day = decision.terms.until { until = .init(day) }
    makers = decision.makers.map(\.description)
    checker = decision.checker?.description ?? ""
    proposedOn = .init(decision.proposedOn)
    if let date = decision.doneOn { doneOn = .init(date) }
    transfers = decision.transfers
    createTime = .init(decision.stamp.created)
    updateTime = .init(decision.stamp.updated)
    etag = "\(decision.stamp.revision)"
  }
}

/// Where the figures of a message come from.
enum Sources {
  typealias Source = Huirong_Fund_V1_FigureSource

  static let posted = "posted balance"

  static func of(_ figures: String..., in pool: String, _ codes: [String], _ measure: String = posted) -> Source {
    .with {
      $0.figures = figures
      $0.accounts = codes.map { "accounts/\(AccountID.make(pool: pool, code: $0))" }
      $0.measure = measure
    }
  }

  static func facility(_ facility: Facility) -> [Source] {
    let (pool, liability) = (facility.pool, [ChartOfAccounts.liability(of: facility.id)])
    let capacity = [ChartOfAccounts.capacity(of: facility.id)]
    return [
      of("liability_in_force", in: pool, liability),
      of("liability_reserved", in: pool, liability, "pending credits"),
      of("available", in: pool, capacity, "posted balance less pending debits"),
      of("limit", in: pool, capacity, "limit_grant transfers of the facility"),
      of(
        "claim_rate", in: pool, liability,
        "claims under the guarantees whose liability moves here, by the claim-rate basis, of the latest year with one"),
    ]
  }

  static func report(_ facility: Facility) -> [Source] {
    let pool = facility.pool
    let party = [ChartOfAccounts.party(.reguarantor)]
    return [
      of(
        "fee_minor", in: pool, [ChartOfAccounts.guaranteeFeeIncome],
        "guarantee_fee transfers of the facility's guarantees"),
      of("reguarantee_fee_minor", in: pool, party, "reguarantee_fee transfers of the facility's guarantees"),
      of(
        "paid_claim_minor", in: pool, [ChartOfAccounts.cash],
        "claim_payout transfers of the facility's guarantees, with the bank's part"),
      of(
        "committed_minor", "released_minor", "in_force_minor", in: pool, [ChartOfAccounts.liability(of: facility.id)],
        "principal of the guarantees whose liability moves here"),
    ]
  }

  static func turnover(_ pool: String) -> [Source] {
    [
      of("disbursed", in: pool, [ChartOfAccounts.bridgePrincipal], "bridge_payout transfers of the programme's loans"),
      of("repaid", in: pool, [ChartOfAccounts.bridgePrincipal], "bridge_repayment transfers of the programme's loans"),
      of("fees", in: pool, [ChartOfAccounts.bridgeFeeIncome], "bridge_repayment transfers of the programme's loans"),
      of(
        "outstanding", "overdue", in: pool, [ChartOfAccounts.bridgePrincipal],
        "the programme's part of the posted balance"),
      of("free_cash", in: pool, [ChartOfAccounts.cash], "posted balance less pending credits"),
    ]
  }

  static func day(_ pool: String, facilities: String = "8002") -> [Source] {
    [
      of("cash_minor", in: pool, [ChartOfAccounts.cash]),
      of("accrued_fee_minor", in: pool, [ChartOfAccounts.accruedFee]),
      of("unearned_fee_minor", in: pool, [ChartOfAccounts.unearnedFee]),
      of("ages", in: pool, [ChartOfAccounts.subrogation], "posted balance by the day of the claim's payment"),
      netAssets("net_assets_minor", pool),
    ]
  }

  static func pool(_ pool: String) -> [Source] {
    [
      of("cash", in: pool, [ChartOfAccounts.cash]),
      of("seed_capital", in: pool, [ChartOfAccounts.capital], "first posting"),
      of(
        "guarantee_liability", in: pool, [ChartOfAccounts.limitContra],
        "what the facilities' limits here have given to their accounts 8002, posted and pending"),
      netAssets("net_assets", pool),
    ]
  }

  /// The accounts that every pool has; those of schemes and programmes go in with their balances.
  private static func netAssets(_ figure: String, _ pool: String) -> Source {
    of(
      figure, in: pool,
      [
        ChartOfAccounts.capital, ChartOfAccounts.guaranteeFeeIncome, ChartOfAccounts.bridgeFeeIncome,
        ChartOfAccounts.penaltyIncome, ChartOfAccounts.claimLoss, ChartOfAccounts.bankCharge,
      ], "capital and income less losses, compensations, subsidies and charges, posted")
  }
}
