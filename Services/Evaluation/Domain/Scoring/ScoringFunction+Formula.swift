extension ScoringFunction {
  /// The formula with the numbers put in, without its result.
  func formula(_ subject: ScoringSubject) -> String {
    let value = subject.value
    let higher = subject.direction == .higherIsBetter
    switch self {
    case .attainment(let rule):
      let target = if case .fixed(let fixed) = rule.target { fixed } else { subject.target ?? 0 }
      let quotient = higher ? "100 × \(value) ÷ \(target)" : "100 × (2 × \(target) − \(value)) ÷ \(target)"
      return quotient + Self.limits(rule.floor, rule.cap)
        + (rule.thresholdPPM > 0 ? ", nothing below \(rule.thresholdPPM) ppm of the target" : "")
    case .tieredBands: return "tier of \(value)"
    case .perEvent(let rule):
      return "\(Points.text(rule.base)) + \(value) × \(Points.text(rule.perEvent))" + Self.limits(rule.floor, rule.cap)
    case .composite: return "parts"
    case .ratioToLeader:
      let leader = subject.peers?.best ?? 0
      return higher ? "100 × \(value) ÷ leader \(leader)" : "100 × leader \(leader) ÷ \(value)"
    case .rankSteps(let rule):
      if let increment = subject.increment, increment < 0 { return "increment \(increment) is negative" }
      let place = subject.peers?.place(value) ?? 0
      return "100 − \(Points.text(rule.step)) × (place \(place) − 1)" + Self.limits(rule.floor, nil)
    case .peerMeanGate:
      let mean = "mean \(subject.peers?.sum ?? 0) ÷ \(subject.peers?.count ?? 0)"
      return higher ? "100 × min(1, \(value) ÷ \(mean))" : "100 × min(1, \(mean) ÷ \(value))"
    case .minMax:
      let (worst, best) = (subject.peers?.worst ?? 0, subject.peers?.best ?? 0)
      return "100 × (\(value) − \(worst)) ÷ (\(best) − \(worst))"
    case .zScore(let rule):
      let sign = higher ? "+" : "−"
      return "\(Points.text(rule.center)) \(sign) \(Points.text(rule.perSigma)) × (\(value) − mean) ÷ σ"
        + Self.limits(rule.floor, rule.cap)
    case .percentile:
      return "100 × \(subject.peers?.worse(value) ?? 0) worse ÷ (\(subject.peers?.count ?? 0) peers − 1)"
    }
  }

  private static func limits(_ floor: Int64?, _ cap: Int64?) -> String {
    (floor.map { ", at least \(Points.text($0))" } ?? "") + (cap.map { ", at most \(Points.text($0))" } ?? "")
  }
}
