package import Kernel
import Policy

/// What a submission and a judgement have to know of another demand of the firm or its affiliates.
package struct EarlierDemand: Sendable, Hashable {
  package var id: String
  package var enterprise: String
  /// Where the firm of that demand is: who may not view the firm does not learn of the demand.
  package var region: RegionCode
  /// Of an affiliate; otherwise of the firm itself, under its own code or one that was merged into it.
  package var isAffiliate: Bool
  package var state: DemandState
  package var instrument: Instrument
  package var amount: Money
  package var tenorMonths: Int64
  package var createdAt: Instant

  /// How many earlier demands of each firm a submission looks at, newest first.
  package static let examined = 20

  package init(
    id: String, enterprise: String, region: RegionCode, isAffiliate: Bool, state: DemandState, instrument: Instrument,
    amount: Money, tenorMonths: Int64, createdAt: Instant
  ) {
    self.id = id
    self.enterprise = enterprise
    self.region = region
    self.isAffiliate = isAffiliate
    self.state = state
    self.instrument = instrument
    self.amount = amount
    self.tenorMonths = tenorMonths
    self.createdAt = createdAt
  }
}

/// The span in which demands of a firm and its affiliates count as one (`anti_splitting.window`).
struct SplitWindow {
  let days: PolicyValue<PolicyDays>
  /// Whether affiliates count with the firm (`anti_splitting.includes_affiliates`); not when no pack says so.
  let affiliates: PolicyValue<Bool>?
  private let calendar: WorkingCalendar

  /// `nil` when no pack states a window.
  init?(_ policy: PolicyBook, on date: BusinessDate) throws(DomainError) {
    guard let days = try policy.parameterIfStated("anti_splitting.window", as: .days, on: date) else { return nil }
    self.days = days
    affiliates = try policy.parameterIfStated("anti_splitting.includes_affiliates", as: .boolean, on: date)
    calendar = WorkingCalendar(policy)
  }

  /// Whether two days lie no further apart than the window, whichever comes first.
  /// - Throws: `POLICY_NOT_STATED` for working days of a year whose holidays are not entered.
  func joins(_ one: BusinessDate, _ other: BusinessDate) throws(DomainError) -> Bool {
    try calendar.deadline(days.value, after: min(one, other)) >= max(one, other)
  }

  func counts(_ demand: EarlierDemand) -> Bool { !demand.isAffiliate || affiliates?.value == true }
}

/// 拆分与重复申报: whether a need came in before, whole or in part. The answer is for people; the judgement asks again.
enum SimilarDemands {
  /// How many are kept with the new one.
  static let kept = 5

  /// - Throws: what reading the anti-splitting window throws.
  static func find(
    for command: SubmitDemand, among earlier: [EarlierDemand], policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) -> [SimilarDemand] {
    if earlier.isEmpty { return [] }
    let window = try SplitWindow(policy, on: today)
    var found: [SimilarDemand] = []
    for demand in earlier where demand.instrument == command.instrument {
      let isRecent = try isRecent(demand, window, today)
      guard let similarity = similarity(of: demand, to: command, isRecent: isRecent) else { continue }
      found.append(
        SimilarDemand(
          demand: demand.id, similarity: similarity, amount: demand.amount,
          enterprise: demand.isAffiliate ? demand.enterprise : command.enterprise, region: demand.region))
    }
    let sorted = found.filter { $0.similarity == .resubmission } + found.filter { $0.similarity == .split }
    return Array(sorted.prefix(kept))
  }

  private static func isRecent(
    _ demand: EarlierDemand, _ window: SplitWindow?, _ today: BusinessDate
  ) throws(DomainError) -> Bool {
    guard let window, window.counts(demand) else { return false }
    do throws(DomainError) {
      return try window.joins(demand.createdAt.shanghaiDate(), today)
    } catch {
      guard error.reason == .policyNotStated else { throw error }
      // A submission is not refused because the holidays of a year are not entered; the judgement says so.
      return false
    }
  }

  private static func similarity(
    of demand: EarlierDemand, to command: SubmitDemand, isRecent: Bool
  ) -> Similarity? {
    switch demand.state {
    case .withdrawn, .expired: return nil
    case .declined, .closed: if !isRecent { return nil }
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed: break
    }
    if !demand.isAffiliate, demand.amount == command.amount, demand.tenorMonths == command.tenorMonths {
      return .resubmission
    }
    return isRecent ? .split : nil
  }
}
