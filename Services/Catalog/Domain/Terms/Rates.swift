package import Kernel

/// What a rate is quoted against.
package enum RateBasis: Int, Sendable, Codable, CaseIterable {
  case fixed = 1
  case lpr1Y, lpr5Y

  package var key: String {
    switch self {
    case .fixed: "FIXED"
    case .lpr1Y: "LPR_1Y"
    case .lpr5Y: "LPR_5Y"
    }
  }
}

/// How days turn into a share of the yearly interest; Chinese bank loans count actual/360 (RULES A).
package enum DayCount: Int, Sendable, Codable, CaseIterable {
  case actual360 = 1
  case actual365

  package var year: Int { self == .actual360 ? 360 : 365 }
}

/// What a tier's rate applies to.
package enum TierMethod: Int, Sendable, Codable, CaseIterable {
  /// The whole amount, at the rate of the tier it falls in.
  case whole = 1
  /// The part of the amount inside each tier, at that tier's rate.
  case perTier
}

/// One tier of a rate, by the amount borrowed in minor units of the product's currency.
package struct RateTier: Hashable, Sendable, Codable {
  package var bounds: IntegerRange
  package var lowest: Rate
  package var highest: Rate?

  package init(bounds: IntegerRange, lowest: Rate, highest: Rate? = nil) {
    self.bounds = bounds
    self.lowest = lowest
    self.highest = highest
  }
}

/// Tiers by amount, lowest first, without gap or overlap.
package struct RateTiers: Hashable, Sendable, Codable {
  package var method: TierMethod
  package var currency: Currency
  package var tiers: [RateTier]

  package init(method: TierMethod, currency: Currency, tiers: [RateTier]) {
    self.method = method
    self.currency = currency
    self.tiers = tiers
  }
}

/// The interest of a product, per year. `lowest` and `highest` are rates under `fixed` and spreads otherwise; "低至 LPR+10BP"
/// states a lowest and no highest.
package struct InterestRate: Hashable, Sendable, Codable {
  package var basis: RateBasis
  package var lowest: Rate
  package var highest: Rate?
  package var tiers: RateTiers?
  /// `nil` is actual/360.
  package var dayCount: DayCount?
  @OrEmpty package var notes: [LocalizedText]

  package init(
    basis: RateBasis, lowest: Rate, highest: Rate? = nil, tiers: RateTiers? = nil, dayCount: DayCount? = nil,
    notes: [LocalizedText] = []
  ) {
    self.basis = basis
    self.lowest = lowest
    self.highest = highest
    self.tiers = tiers
    self.dayCount = dayCount
    _notes = OrEmpty(wrappedValue: notes)
  }
}

/// A published reference rate, in force from its day until the next one of its basis.
package struct ReferenceRate: Hashable, Sendable, Codable {
  package var basis: RateBasis
  package var effectiveFrom: BusinessDate
  package var rate: Rate

  package init(basis: RateBasis, effectiveFrom: BusinessDate, rate: Rate) {
    self.basis = basis
    self.effectiveFrom = effectiveFrom
    self.rate = rate
  }
}

/// The dated table of reference rates (LPR), sorted by basis and day.
package struct ReferenceRateTable: Hashable, Sendable {
  package private(set) var rates: [ReferenceRate]

  package init(_ rates: [ReferenceRate] = []) {
    self.rates = rates.sorted {
      $0.basis != $1.basis ? $0.basis.rawValue < $1.basis.rawValue : $0.effectiveFrom < $1.effectiveFrom
    }
  }

  /// The rate of a basis in force on a day; `nil` before the first.
  package func rate(_ basis: RateBasis, on day: BusinessDate) -> ReferenceRate? {
    rates.last { $0.basis == basis && $0.effectiveFrom <= day }
  }

  /// Both bases on a day, as ppm: what the cost part of a score depends on.
  package func level(on day: BusinessDate) -> ReferenceLevel {
    ReferenceLevel(
      oneYearPPM: rate(.lpr1Y, on: day)?.rate.ppm, fiveYearPPM: rate(.lpr5Y, on: day)?.rate.ppm)
  }
}

/// The reference rates of one day.
package struct ReferenceLevel: Hashable, Sendable {
  package var oneYearPPM: Int64?
  package var fiveYearPPM: Int64?

  package init(oneYearPPM: Int64?, fiveYearPPM: Int64?) {
    self.oneYearPPM = oneYearPPM
    self.fiveYearPPM = fiveYearPPM
  }

  /// What a spread of this basis is added to: 0 for `fixed`, `nil` when the reference is not known.
  package func base(_ basis: RateBasis) -> Int64? {
    switch basis {
    case .fixed: 0
    case .lpr1Y: oneYearPPM
    case .lpr5Y: fiveYearPPM
    }
  }
}
