import Kernel
import Policy

/// Demands of the firm and its affiliates inside the anti-splitting window count as one for the cap (anti-splitting
/// convention of the packs; `anti_splitting.window`, `anti_splitting.includes_affiliates`). Asked anew at each judgement: a
/// demand that was withdrawn since counts no more, one that came since does.
struct SplitDemandRule: FeasibilityRule {
  let name = "split-demands"

  /// Demands that the remedies name, newest first; all of them count.
  private static let named = 20

  func concerns(_ subject: FeasibilityCase) -> Bool { subject.otherDemands.contains { concerns($0, subject) } }

  private func concerns(_ other: EarlierDemand, _ subject: FeasibilityCase) -> Bool {
    guard other.id != subject.demand.id, other.instrument == subject.demand.instrument,
      other.amount.currency == subject.demand.amount.currency
    else { return false }
    switch other.state {
    case .withdrawn, .expired: return false
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed, .closed, .declined: return true
    }
  }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let window = try SplitWindow(policy, on: subject.date),
      let (cap, _) = try FirmAmountRule().cap(subject, policy)
    else { return nil }
    guard let parts = try parts(subject, window) else { return nil }
    let demand = subject.demand
    var total = demand.amount
    for part in parts { total = try total.adding(part.amount) }
    let days = "\(window.days.value.count)"
    let inputs = [
      RuleInput("amount", "\(demand.amount)"),
      RuleInput("similar_demands", String(parts.count { !$0.isAffiliate })),
      RuleInput(RuleResult.affiliateDemands, String(parts.count { $0.isAffiliate })),
      RuleInput("together", "\(total)"), RuleInput("cap", "\(cap.value)"), RuleInput("window_days", days),
    ]
    let citations = [window.days.citation, window.affiliates?.citation, cap.citation].compactMap { $0 }.map(
      Citation.init)
    guard total.currency == cap.value.currency else {
      return result(.notStated, "上限币种不同，不予换算。", inputs: inputs, citations: citations)
    }
    // One demand that is too much alone is the amount rule's matter.
    if parts.isEmpty {
      return result(.notApplicable, "\(days) 日内没有其他同类需求。", inputs: inputs, citations: citations)
    }
    if try cap.admits(total) {
      return result(.pass, "\(days) 日内同类需求合计 \(total)，未超过 \(cap.value)。", inputs: inputs, citations: citations)
    }
    return result(
      .fail, "\(days) 日内同类需求合计 \(total)，超过 \(cap.value)，按一笔评判。", inputs: inputs, citations: citations,
      remedies: remedies(parts))
  }

  /// `nil` when the window cannot be computed: working days of a year whose holidays are not entered.
  private func parts(
    _ subject: FeasibilityCase, _ window: SplitWindow
  ) throws(DomainError) -> [EarlierDemand]? {
    do throws(DomainError) {
      let submitted = try subject.demand.createdAt.shanghaiDate()
      var parts: [EarlierDemand] = []
      for other in subject.otherDemands where window.counts(other) && concerns(other, subject) {
        let day = try other.createdAt.shanghaiDate()
        // As of a day nothing counts that came later.
        guard day <= subject.date else { continue }
        if try window.joins(day, submitted) { parts.append(other) }
      }
      return parts
    } catch {
      guard error.reason == .policyNotStated else { throw error }
      return nil
    }
  }

  /// Affiliates' demands are not named: the answer is read by people who may know nothing of those firms.
  private func remedies(_ parts: [EarlierDemand]) -> [Remedy] {
    var remedies = parts.filter { !$0.isAffiliate }.prefix(Self.named).map {
      Remedy(field: "demand.similar", from: $0.id, to: "", explanation: "撤回或并入需求 \($0.id)（\($0.amount)）。")
    }
    if parts.contains(where: \.isAffiliate) {
      remedies.append(
        Remedy(field: "enterprise.affiliates", from: "", to: "", explanation: "关联企业的同类需求合并计算：撤回或降低其中的需求。"))
    }
    return remedies
  }
}
