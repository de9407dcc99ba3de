package import Kernel
import Policy

/// What a judgement looks at.
package struct FeasibilityCase: Sendable {
  package var demand: Demand
  /// The firm on the day of the judgement.
  package var profile: EnterpriseProfile
  /// Contracts of the firm on its other demands that stand on that day.
  package var otherContracts: [StandingContract]
  /// The firm's and its affiliates' other demands, whatever has become of them.
  package var otherDemands: [EarlierDemand]
  package var date: BusinessDate
  /// What is known of the firm beyond its profile; no rule asks for it, the catalog's conditions do.
  package var enterprise: Enterprise?

  package init(
    demand: Demand, profile: EnterpriseProfile, otherContracts: [StandingContract], otherDemands: [EarlierDemand] = [],
    date: BusinessDate, enterprise: Enterprise? = nil
  ) {
    self.otherDemands = otherDemands
    self.enterprise = enterprise
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
        loanKind: demand.loanKind))
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

  /// Loans of the kinds that the city's model supports (`platform_loan.kinds`; 烟营办便函〔2023〕8号 三(二)4: unsecured,
  /// guaranteed, against a pledge of rights); every loan where no pack names kinds.
  /// - Throws: `POLICY_FACT_MISSING` for a pledge of something that is not named.
  func isModelLoan(_ policy: PolicyBook) throws(DomainError) -> Bool {
    guard demand.instrument == .loan else { return false }
    var scope = scope()
    // The kind itself is what is asked about, so it does not select the rule.
    scope.attributes.loanKind = nil
    guard let kinds = try policy.parameterIfStated("platform_loan.kinds", as: .texts, scope: scope, on: date) else {
      return true
    }
    if demand.securityMode == .pledge, demand.handling.collateral == nil {
      throw DomainError(
        .policyFactMissing, "whether the pledge is one of rights depends on what is pledged",
        metadata: ["attribute": "collateral_kind"])
    }
    return demand.loanKind.map { kinds.value.contains($0.rawValue) } ?? false
  }
}

extension Demand {
  /// `nil` for a pledge that is none of rights, or of something that is not named.
  fileprivate var loanKind: LoanKind? {
    switch securityMode {
    case .credit: .credit
    case .guarantee: .guaranteed
    case .mortgage: .mortgage
    case .pledge: handling.collateral?.isRight == true ? .rightsPledge : nil
    }
  }
}

extension CollateralKind {
  /// 权利: claims, shares, intellectual property, the right to manage land; not things.
  fileprivate var isRight: Bool {
    switch self {
    case .landManagementRight, .receivables, .patent, .trademark, .equity: true
    case .realEstate, .equipment, .inventory, .other: false
    }
  }
}

extension PlatformGrade {
  /// The grade on the packs' scale, which ends at D: E is below it and has none.
  var onPolicyScale: Grade? { try? Grade(rawValue) }
}
