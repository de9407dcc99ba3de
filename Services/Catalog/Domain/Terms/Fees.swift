package import Kernel

/// What a fee is for.
package enum FeeKind: Int, Sendable, Codable, CaseIterable {
  case guarantee = 1
  case reGuarantee, bridge, insurance, settlement, appraisal, lease, other, establishment, service, exit

  package var key: String {
    switch self {
    case .guarantee: "guarantee"
    case .reGuarantee: "re_guarantee"
    case .bridge: "bridge"
    case .insurance: "insurance"
    case .settlement: "settlement"
    case .appraisal: "appraisal"
    case .lease: "lease"
    case .other: "other"
    case .establishment: "establishment"
    case .service: "service"
    case .exit: "exit"
    }
  }
}

/// How often a fee falls due. Per year is actual/365, also in leap years; per day knows no year (RULES A).
package enum FeePeriod: Int, Sendable, Codable, CaseIterable {
  case perYear = 1
  case once, perDay
  /// Each begun month in full.
  case perMonth
  /// Only when something happens: no part of the cost of the loan itself.
  case perEvent
  /// Once, when the debt is repaid.
  case atEnd
}

/// How a fee is measured, per period.
package enum FeeMeasure: Hashable, Sendable, Codable {
  /// Share of the principal.
  case rate(Rate)
  /// Fixed amount.
  case fixed(Money)
  /// Share of the principal between two bounds.
  case range(lowest: Rate, highest: Rate)
  /// Amount between two bounds.
  case fixedRange(lowest: Money, highest: Money)
  /// The source names the fee and not its amount.
  case unstated
}

/// What a discount takes off a fee.
package enum FeeReduction: Hashable, Sendable, Codable {
  /// Share of the fee.
  case shareOff(Rate)
  /// Amount per period.
  case amountOff(Money)
  /// Rate instead of the fee's own.
  case rateInstead(Rate)
}

/// A reduction of a fee for those who meet a condition.
package struct FeeDiscount: Hashable, Sendable, Codable {
  package var reduction: FeeReduction
  /// `nil` when the source states it in words only: then no calculation applies it.
  package var condition: Predicate?
  package var note: LocalizedText?

  package init(reduction: FeeReduction, condition: Predicate? = nil, note: LocalizedText? = nil) {
    self.reduction = reduction
    self.condition = condition
    self.note = note
  }
}

/// One fee the customer pays.
package struct Fee: Hashable, Sendable, Codable {
  package var kind: FeeKind
  package var measure: FeeMeasure
  package var period: FeePeriod
  /// Most that all periods together may come to, as a share of the principal.
  package var cap: Rate?
  package var note: LocalizedText?
  /// Most that one period may come to.
  package var periodCap: Money?
  @OrEmpty package var discounts: [FeeDiscount]
  /// What its source calls it.
  package var title: LocalizedText?

  package init(
    kind: FeeKind, measure: FeeMeasure, period: FeePeriod, cap: Rate? = nil, note: LocalizedText? = nil,
    periodCap: Money? = nil, discounts: [FeeDiscount] = [], title: LocalizedText? = nil
  ) {
    self.kind = kind
    self.measure = measure
    self.period = period
    self.cap = cap
    self.note = note
    self.periodCap = periodCap
    _discounts = OrEmpty(wrappedValue: discounts)
    self.title = title
  }

  /// The dearest share of the principal; `nil` for a fixed amount.
  package var highestRate: Rate? {
    switch measure {
    case .rate(let rate): rate
    case .range(_, let highest): highest
    case .fixed, .fixedRange, .unstated: nil
    }
  }

  /// The cheapest share of the principal; `nil` for a fixed amount.
  package var lowestRate: Rate? {
    switch measure {
    case .rate(let rate): rate
    case .range(let lowest, _): lowest
    case .fixed, .fixedRange, .unstated: nil
    }
  }
}
