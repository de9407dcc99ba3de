/// How a leaf turns a value into points. Points are micro-points on a scale where 100 points are `fullMarks`; every
/// function rounds exactly once, half away from zero. docs/methods.md gives each formula.
package indirect enum ScoringFunction: Hashable, Sendable, Codable {
  case attainment(Attainment)
  case ratioToLeader
  case rankSteps(RankSteps)
  case peerMeanGate
  case tieredBands([Tier])
  case perEvent(PerEvent)
  case minMax
  case zScore(ZScore)
  case percentile
  case composite([CompositePart])

  /// 100 points.
  package static let fullMarks: Int64 = 100_000_000

  package struct Attainment: Hashable, Sendable, Codable {
    package enum Target: Hashable, Sendable, Codable {
      case fixed(Int64)
      /// Each institution's own target for the period is the value of this indicator.
      case indicator(String)
    }
    package var target: Target
    /// Attainment from zero up to below this share scores nothing; 0 for none.
    package var thresholdPPM: Int64
    /// `nil`: never clamped, so 108 % is 108 points.
    package var cap: Int64?
    /// Below zero for a negative floor; `nil`: never clamped.
    package var floor: Int64?
    package init(target: Target, thresholdPPM: Int64 = 0, cap: Int64? = nil, floor: Int64? = nil) {
      self.target = target
      self.thresholdPPM = thresholdPPM
      self.cap = cap
      self.floor = floor
    }
  }

  package struct RankSteps: Hashable, Sendable, Codable {
    package var step: Int64
    package var floor: Int64
    /// An institution whose value of this indicator is negative scores zero whatever its place.
    package var incrementID: String?
    package init(step: Int64, floor: Int64, incrementID: String? = nil) {
      self.step = step
      self.floor = floor
      self.incrementID = incrementID
    }
  }

  package struct Tier: Hashable, Sendable, Codable {
    /// `nil` for the lowest tier.
    package var lowerBound: Int64?
    package var inclusive: Bool
    package var points: Int64
    package init(lowerBound: Int64?, inclusive: Bool, points: Int64) {
      self.lowerBound = lowerBound
      self.inclusive = inclusive
      self.points = points
    }
  }

  package struct PerEvent: Hashable, Sendable, Codable {
    package var base: Int64
    /// Below zero deducts.
    package var perEvent: Int64
    package var floor: Int64?
    package var cap: Int64?
    package init(base: Int64, perEvent: Int64, floor: Int64? = nil, cap: Int64? = nil) {
      self.base = base
      self.perEvent = perEvent
      self.floor = floor
      self.cap = cap
    }
  }

  package struct ZScore: Hashable, Sendable, Codable {
    package var center: Int64
    package var perSigma: Int64
    package var floor: Int64?
    package var cap: Int64?
    package init(center: Int64, perSigma: Int64, floor: Int64? = nil, cap: Int64? = nil) {
      self.center = center
      self.perSigma = perSigma
      self.floor = floor
      self.cap = cap
    }
  }

  package struct CompositePart: Hashable, Sendable, Codable {
    package var indicatorID: String
    package var weightPPM: Int64
    package var function: ScoringFunction
    package var missing: MissingPolicy
    package init(indicatorID: String, weightPPM: Int64, function: ScoringFunction, missing: MissingPolicy) {
      self.indicatorID = indicatorID
      self.weightPPM = weightPPM
      self.function = function
      self.missing = missing
    }
  }

  /// Whether the score depends on the other institutions of the table.
  package var looksAtPeers: Bool {
    switch self {
    case .ratioToLeader, .rankSteps, .peerMeanGate, .minMax, .zScore, .percentile: true
    case .attainment, .tieredBands, .perEvent, .composite: false
    }
  }

  /// Indicators the function reads beside its own.
  package var furtherIndicators: [String] {
    switch self {
    case .attainment(let attainment):
      if case .indicator(let id) = attainment.target { [id] } else { [] }
    case .rankSteps(let steps): steps.incrementID.map { [$0] } ?? []
    case .composite(let parts): parts.flatMap { [$0.indicatorID] + $0.function.furtherIndicators }
    case .ratioToLeader, .peerMeanGate, .tieredBands, .perEvent, .minMax, .zScore, .percentile: []
    }
  }
}

/// What a leaf does when an institution has no value. There is no default: a scheme must say.
package enum MissingPolicy: String, Hashable, Sendable, Codable {
  case zeroPoints, outsideTable, refuseRun
}
