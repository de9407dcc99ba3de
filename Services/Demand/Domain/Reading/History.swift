package import Kernel

/// A place in the past.
package enum HistoryMoment: Sendable, Hashable {
  /// Right after this position of the log.
  case sequence(Int64)
  /// What was accepted up to this time.
  case time(Instant)
}

extension [LogEntry] {
  /// The demand as its events had made it by then, with the rules of the judgement that stood, and without contact data; `nil`
  /// before the first.
  package func demand(at moment: HistoryMoment) -> Demand? {
    var demand: Demand?
    var rules: [RuleResult] = []
    for entry in self {
      guard entry.lies(before: moment), case .demand(let event, _, let after) = entry.content else { continue }
      if case .assessed(let assessment, _) = event { rules = assessment.rules }
      demand = after
    }
    demand?.assessment?.rules = rules
    return demand
  }
}

extension LogEntry {
  fileprivate func lies(before moment: HistoryMoment) -> Bool {
    switch moment {
    case .sequence(let last): sequence <= last
    case .time(let time): context.at <= time
    }
  }
}
