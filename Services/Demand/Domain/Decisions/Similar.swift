package import Kernel
import Policy

/// What a submission has to know of a demand that came before it.
package struct EarlierDemand: Sendable, Hashable {
  package var id: String
  package var enterprise: String
  package var state: DemandState
  package var instrument: Instrument
  package var amount: Money
  package var tenorMonths: Int64
  package var createdAt: Instant

  /// How many earlier demands of each firm are looked at, newest first.
  package static let examined = 20

  package init(
    id: String, enterprise: String, state: DemandState, instrument: Instrument, amount: Money, tenorMonths: Int64,
    createdAt: Instant
  ) {
    self.id = id
    self.enterprise = enterprise
    self.state = state
    self.instrument = instrument
    self.amount = amount
    self.tenorMonths = tenorMonths
    self.createdAt = createdAt
  }
}

/// 拆分与重复申报: whether a need came in before, whole or in part.
enum SimilarDemands {
  /// How many are kept with the new one.
  static let kept = 5

  /// - Throws: what reading the anti-splitting window throws.
  static func find(
    for command: SubmitDemand, among earlier: [EarlierDemand], policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) -> [SimilarDemand] {
    var window: BusinessDate?
    if let days = try policy.parameterIfStated("anti_splitting.window", as: .days, on: today),
      let count = Int(exactly: days.value.count)
    {
      // Calendar days; a window in working days would need a backward count that no pack asks for.
      window = days.value.kind == .calendar ? try today.adding(days: -count) : nil
    }
    var found: [SimilarDemand] = []
    for demand in earlier where demand.instrument == command.instrument {
      let isRecent =
        try window.map { start throws(DomainError) in try demand.createdAt.shanghaiDate() >= start } ?? false
      guard let similarity = similarity(of: demand, to: command, isRecent: isRecent) else { continue }
      found.append(SimilarDemand(demand: demand.id, similarity: similarity, amount: demand.amount))
    }
    let sorted = found.filter { $0.similarity == .resubmission } + found.filter { $0.similarity == .split }
    return Array(sorted.prefix(kept))
  }

  private static func similarity(
    of demand: EarlierDemand, to command: SubmitDemand, isRecent: Bool
  ) -> Similarity? {
    switch demand.state {
    case .withdrawn, .expired: return nil
    case .declined, .closed: if !isRecent { return nil }
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed: break
    }
    if demand.enterprise == command.enterprise, demand.amount == command.amount,
      demand.tenorMonths == command.tenorMonths
    {
      return .resubmission
    }
    return isRecent ? .split : nil
  }
}
