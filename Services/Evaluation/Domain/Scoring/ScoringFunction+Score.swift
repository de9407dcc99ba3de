package import Kernel

/// A value about to be scored, with what the function may look at beside it.
package struct ScoringSubject: Sendable {
  package var value: Int64
  package var direction: Direction
  /// The institution's own target, where the function has one.
  package var target: Int64?
  /// The increment that a rank-step function looks at.
  package var increment: Int64?
  package var peers: PeerStatistics?

  package init(
    value: Int64, direction: Direction, target: Int64? = nil, increment: Int64? = nil, peers: PeerStatistics? = nil
  ) {
    self.value = value
    self.direction = direction
    self.target = target
    self.increment = increment
    self.peers = peers
  }
}

extension ScoringFunction {
  /// Points in micro-points, rounded once, half away from zero. A composite is scored part by part by the engine.
  /// - Throws: `AMOUNT_OVERFLOW`; `SCHEME_INVALID` for a composite or for peers that were not given.
  package func score(_ subject: ScoringSubject) throws(DomainError) -> Int64 {
    switch self {
    case .attainment(let rule): return try Self.attainment(rule, subject)
    case .tieredBands(let tiers): return Self.tier(tiers, subject.value)
    case .perEvent(let rule):
      let points = Int128(rule.base) + Int128(subject.value) * Int128(rule.perEvent)
      return try Self.clamp(points, floor: rule.floor, cap: rule.cap)
    case .composite: throw DomainError(.schemeInvalid, "a composite is scored by its parts")
    case .ratioToLeader, .rankSteps, .peerMeanGate, .minMax, .zScore, .percentile:
      guard let peers = subject.peers, peers.count > 0 else {
        throw DomainError(.schemeInvalid, "the function compares with peers and was given none")
      }
      return try score(subject, among: peers)
    }
  }

  private func score(_ subject: ScoringSubject, among peers: PeerStatistics) throws(DomainError) -> Int64 {
    switch self {
    case .ratioToLeader: try Self.ratioToLeader(subject, peers)
    case .rankSteps(let rule): try Self.rankSteps(rule, subject, peers)
    case .peerMeanGate: try Self.peerMeanGate(subject, peers)
    case .minMax: try Self.minMax(subject, peers)
    case .zScore(let rule): try Self.zScore(rule, subject, peers)
    default: try Self.percentile(subject, peers)
    }
  }

  private static func attainment(_ rule: Attainment, _ subject: ScoringSubject) throws(DomainError) -> Int64 {
    let target: Int64
    switch rule.target {
    case .fixed(let fixed): target = fixed
    case .indicator: target = subject.target ?? 0
    }
    guard target > 0 else { throw DomainError(.divisionByZero, "a target is more than 0") }
    let achieved =
      subject.direction == .higherIsBetter ? Int128(subject.value) : 2 * Int128(target) - Int128(subject.value)
    if achieved >= 0, achieved * 1_000_000 < Int128(rule.thresholdPPM) * Int128(target) {
      return try clamp(0, floor: rule.floor, cap: rule.cap)
    }
    let points = try ExactRatio.round(achieved * Int128(fullMarks), dividedBy: Int128(target))
    return try clamp(Int128(points), floor: rule.floor, cap: rule.cap)
  }

  private static func tier(_ tiers: [Tier], _ value: Int64) -> Int64 {
    for tier in tiers.reversed() {
      guard let bound = tier.lowerBound else { return tier.points }
      if value > bound || (tier.inclusive && value == bound) { return tier.points }
    }
    return 0
  }

  private static func ratioToLeader(_ subject: ScoringSubject, _ peers: PeerStatistics) throws(DomainError) -> Int64 {
    let (value, leader) = (subject.value, peers.best)
    switch subject.direction {
    case .higherIsBetter:
      if leader <= 0 || value <= 0 { return 0 }
      return try ExactRatio.multiply(fullMarks, value, dividedBy: leader)
    case .lowerIsBetter:
      if value == leader { return fullMarks }
      if leader <= 0 { return 0 }
      return try ExactRatio.multiply(fullMarks, leader, dividedBy: value)
    }
  }

  private static func rankSteps(
    _ rule: RankSteps, _ subject: ScoringSubject, _ peers: PeerStatistics
  ) throws(DomainError) -> Int64 {
    if let increment = subject.increment, increment < 0 { return 0 }
    let points = Int128(fullMarks) - Int128(rule.step) * Int128(peers.place(subject.value) - 1)
    return try clamp(points, floor: rule.floor, cap: nil)
  }

  private static func peerMeanGate(_ subject: ScoringSubject, _ peers: PeerStatistics) throws(DomainError) -> Int64 {
    let scaled = Int128(subject.value) * Int128(peers.count)
    switch subject.direction {
    case .higherIsBetter:
      if scaled >= peers.sum { return fullMarks }
      if scaled <= 0 { return 0 }
      return try ExactRatio.round(Int128(fullMarks) * scaled, dividedBy: peers.sum)
    case .lowerIsBetter:
      if scaled <= peers.sum { return fullMarks }
      if peers.sum <= 0 { return 0 }
      return try ExactRatio.round(Int128(fullMarks) * peers.sum, dividedBy: scaled)
    }
  }

  private static func minMax(_ subject: ScoringSubject, _ peers: PeerStatistics) throws(DomainError) -> Int64 {
    let width = Int128(peers.maximum) - Int128(peers.minimum)
    if width == 0 { return fullMarks }
    let distance = (Int128(subject.value) - Int128(peers.worst)).magnitude
    return try ExactRatio.round(Int128(fullMarks) * Int128(distance), dividedBy: width)
  }

  private static func zScore(
    _ rule: ZScore, _ subject: ScoringSubject, _ peers: PeerStatistics
  ) throws(DomainError) -> Int64 {
    let variance = try peers.scaledVariance()
    if variance == 0 { return try clamp(Int128(rule.center), floor: rule.floor, cap: rule.cap) }
    let deviation = Int128(subject.value) * Int128(peers.count) - peers.sum
    let scaled = deviation.magnitude.multipliedReportingOverflow(by: UInt128(rule.perSigma.magnitude))
    if scaled.overflow { throw .amountOverflow("z-score of \(subject.value)") }
    let points = Int128(try ExactRoot.divide(scaled.partialValue, byRootOf: variance))
    let isGood = (deviation > 0) == (subject.direction == .higherIsBetter)
    return try clamp(Int128(rule.center) + (isGood ? points : -points), floor: rule.floor, cap: rule.cap)
  }

  private static func percentile(_ subject: ScoringSubject, _ peers: PeerStatistics) throws(DomainError) -> Int64 {
    if peers.count == 1 { return fullMarks }
    return try ExactRatio.multiply(fullMarks, Int64(peers.worse(subject.value)), dividedBy: Int64(peers.count - 1))
  }

  private static func clamp(_ points: Int128, floor: Int64?, cap: Int64?) throws(DomainError) -> Int64 {
    var result = points
    if let cap { result = min(result, Int128(cap)) }
    if let floor { result = max(result, Int128(floor)) }
    return try ExactRatio.round(result, dividedBy: 1)
  }
}
