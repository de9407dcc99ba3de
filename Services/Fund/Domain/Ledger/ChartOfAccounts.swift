import Kernel

/// The accounts that every pool opens with, and those that a facility adds.
package enum ChartOfAccounts {
  package struct Entry: Sendable, Hashable {
    package let code: String
    package let displayName: String
    package let accountClass: AccountClass
    package let normalSide: BalanceSide
    package let limit: AccountLimit
  }

  package static let cash = "1001"
  package static let subrogation = "1201"
  package static let bridgePrincipal = "1301"
  package static let capital = "3001"
  package static let guaranteeFeeIncome = "4001"
  package static let bridgeFeeIncome = "4002"
  package static let claimLoss = "5001"
  package static let limitContra = "8900"
  package static let accruedFee = "1302"
  package static let suspense = "2001"
  package static let unearnedFee = "2101"
  package static let penaltyIncome = "4003"
  package static let bankCharge = "5301"

  /// First character of the codes of clearing accounts, the only ones that a caller opens by itself.
  package static let clearingPrefix: Character = "9"

  package static func party(_ party: LiabilityParty) -> String { "1202.\(party.rawValue)" }
  package static func capacity(of facility: String) -> String { "8001.\(facility)" }
  package static func liability(of facility: String) -> String { "8002.\(facility)" }

  package static func compensation(of scheme: String) -> String { "5101.\(scheme)" }
  package static func reward(of scheme: String) -> String { "5102.\(scheme)" }
  package static func subsidy(of programme: String) -> String { "5201.\(programme)" }

  /// Accounts that a pool opens when it first needs them.
  package static let onDemand: [Entry] = [
    Entry(
      code: accruedFee, displayName: "应收转贷服务费", accountClass: .accruedFee, normalSide: .debit,
      limit: .creditsMustNotExceedDebits),
    Entry(
      code: suspense, displayName: "暂收款", accountClass: .suspense, normalSide: .credit,
      limit: .debitsMustNotExceedCredits),
    Entry(
      code: unearnedFee, displayName: "未到期责任准备", accountClass: .unearnedFee, normalSide: .credit,
      limit: .debitsMustNotExceedCredits),
    Entry(code: penaltyIncome, displayName: "逾期违约金收入", accountClass: .penaltyIncome, normalSide: .credit, limit: .none),
    Entry(code: bankCharge, displayName: "银行手续费", accountClass: .bankCharge, normalSide: .debit, limit: .none),
  ]

  /// What a scheme paid; it never gets back more than that.
  package static func ofScheme(_ scheme: String) -> [Entry] {
    [
      Entry(
        code: compensation(of: scheme), displayName: "风险补偿支出", accountClass: .compensation, normalSide: .debit,
        limit: .creditsMustNotExceedDebits),
      Entry(
        code: reward(of: scheme), displayName: "省级奖补支出", accountClass: .compensation, normalSide: .debit,
        limit: .creditsMustNotExceedDebits),
    ]
  }

  package static func ofProgramme(_ programme: String) -> Entry {
    Entry(
      code: subsidy(of: programme), displayName: "贴息与奖补支出", accountClass: .subsidy, normalSide: .debit, limit: .none)
  }

  /// A pool cannot pay what it does not have: cash and every claim carry a limit.
  package static let ofPool: [Entry] =
    [
      Entry(
        code: cash, displayName: "银行存款", accountClass: .cash, normalSide: .debit, limit: .creditsMustNotExceedDebits),
      Entry(
        code: subrogation, displayName: "应收代偿款", accountClass: .subrogation, normalSide: .debit,
        limit: .creditsMustNotExceedDebits),
      Entry(
        code: bridgePrincipal, displayName: "应急转贷本金", accountClass: .bridgePrincipal, normalSide: .debit,
        limit: .creditsMustNotExceedDebits),
      Entry(code: capital, displayName: "资本金", accountClass: .capital, normalSide: .credit, limit: .none),
      Entry(
        code: guaranteeFeeIncome, displayName: "担保费收入", accountClass: .guaranteeFeeIncome, normalSide: .credit,
        limit: .none),
      Entry(
        code: bridgeFeeIncome, displayName: "转贷服务费收入", accountClass: .bridgeFeeIncome, normalSide: .credit,
        limit: .none),
      Entry(code: claimLoss, displayName: "代偿损失", accountClass: .claimLoss, normalSide: .debit, limit: .none),
      Entry(code: limitContra, displayName: "担保额度对应", accountClass: .limitContra, normalSide: .debit, limit: .none),
    ]
    + [LiabilityParty.bank, .reguarantor, .national, .city].map {
      Entry(
        code: party($0), displayName: "分担款往来·\($0.chineseName)", accountClass: .party, normalSide: .debit,
        limit: .none)
    }

  /// Capacity and liability of one facility. Both carry limits, so the ledger itself refuses a guarantee above the
  /// facility's limit and a release of more than is in force.
  package static func ofFacility(_ facility: String) -> [Entry] {
    [
      Entry(
        code: capacity(of: facility), displayName: "可用担保额度", accountClass: .capacity, normalSide: .credit,
        limit: .debitsMustNotExceedCredits),
      Entry(
        code: liability(of: facility), displayName: "在保责任余额", accountClass: .liability, normalSide: .credit,
        limit: .debitsMustNotExceedCredits),
    ]
  }
}

/// The parties among whom the liability under a guarantee is shared, in the order in which ties of a split are resolved.
package enum LiabilityParty: String, Sendable, Hashable, CaseIterable, Codable {
  case bank, guarantor, reguarantor, national, city

  package var chineseName: String {
    switch self {
    case .bank: "合作银行"
    case .guarantor: "担保机构"
    case .reguarantor: "再担保机构"
    case .national: "国家融资担保基金"
    case .city: "市级"
    }
  }
}
