package import Kernel

/// What a fee is for.
package enum FeeKind: Int, Sendable, Codable, CaseIterable {
  case guarantee = 1
  case reGuarantee, bridge, insurance, settlement, appraisal, lease, other

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
    }
  }
}

/// How often a fee falls due. Per year is actual/365, also in leap years; per day knows no year (RULES A).
package enum FeePeriod: Int, Sendable, Codable, CaseIterable {
  case perYear = 1
  case once, perDay
}

/// How a fee is measured, per period.
package enum FeeMeasure: Hashable, Sendable, Codable {
  /// Share of the principal.
  case rate(Rate)
  /// Fixed amount.
  case fixed(Money)
  /// Share of the principal between two bounds.
  case range(lowest: Rate, highest: Rate)
}

/// One fee the customer pays.
package struct Fee: Hashable, Sendable, Codable {
  package var kind: FeeKind
  package var measure: FeeMeasure
  package var period: FeePeriod
  /// Most that all periods together may come to, as a share of the principal.
  package var cap: Rate?
  package var note: LocalizedText?

  package init(kind: FeeKind, measure: FeeMeasure, period: FeePeriod, cap: Rate? = nil, note: LocalizedText? = nil) {
    self.kind = kind
    self.measure = measure
    self.period = period
    self.cap = cap
    self.note = note
  }

  /// The dearest share of the principal; `nil` for a fixed amount.
  package var highestRate: Rate? {
    switch measure {
    case .rate(let rate): rate
    case .range(_, let highest): highest
    case .fixed: nil
    }
  }

  /// The cheapest share of the principal; `nil` for a fixed amount.
  package var lowestRate: Rate? {
    switch measure {
    case .rate(let rate): rate
    case .range(let lowest, _): lowest
    case .fixed: nil
    }
  }
}
