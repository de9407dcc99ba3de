package import Kernel
import Policy

/// What a judgement looks at.
package struct FeasibilityCase: Sendable {
  package var demand: Demand
  /// The firm on the day of the judgement.
  package var profile: EnterpriseProfile
  /// Contracts of the firm on its other demands that stand on that day.
  package var otherContracts: [StandingContract]
  package var date: BusinessDate

  package init(
    demand: Demand, profile: EnterpriseProfile, otherContracts: [StandingContract], date: BusinessDate
  ) {
    self.demand = demand
    self.profile = profile
    self.otherContracts = otherContracts
    self.date = date
  }

  /// What the packs are asked about. A fact the service does not know stays out, and a rule that needs it says so.
  func scope(product: String? = nil) -> PolicyScope {
    PolicyScope(
      region: demand.region.text, product: product,
      attributes: PolicyAttributes(
        size: profile.sizeBand, agricultural: profile.tags.contains("涉农") || profile.industry.text.hasPrefix("A"),
        grade: profile.grade?.onPolicyScale, borrowerKind: profile.tags.contains("个体工商户") ? .soleTrader : .company,
        loanKind: demand.securityMode.loanKind))
  }

  /// 单户: this demand and the firm's standing contracts in the same currency.
  /// - Throws: `AMOUNT_OVERFLOW`.
  func firmTotal() throws(DomainError) -> Money {
    var total = demand.amount
    for contract in otherContracts where contract.amount.currency == total.currency {
      total = try total.adding(contract.amount)
    }
    return total
  }

  /// Loans that the city's model supports: unsecured, guaranteed or against a pledge (烟营办便函〔2023〕8号 三(二)4).
  var isModelLoan: Bool { demand.instrument == .loan && demand.securityMode != .mortgage }
}

extension SecurityMode {
  fileprivate var loanKind: LoanKind {
    switch self {
    case .credit: .credit
    case .guarantee: .guaranteed
    case .mortgage: .mortgage
    case .pledge: .rightsPledge
    }
  }
}

extension PlatformGrade {
  /// The grade on the packs' scale, which ends at D: E is below it and has none.
  var onPolicyScale: Grade? { try? Grade(rawValue) }
}
