import Kernel
import Policy

/// Demands of the firm and its affiliates inside the anti-splitting window count as one for the cap (财金 anti-splitting
/// convention of the packs; `anti_splitting.window`).
struct SplitDemandRule: FeasibilityRule {
  let name = "split-demands"

  func concerns(_ subject: FeasibilityCase) -> Bool {
    subject.demand.handling.similar.contains { $0.similarity == .split }
  }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let window = try policy.parameterIfStated("anti_splitting.window", as: .days, on: subject.date),
      let (cap, _) = try FirmAmountRule().cap(subject, policy)
    else { return nil }
    let demand = subject.demand
    let parts = demand.handling.similar.filter {
      $0.similarity == .split && $0.amount.currency == demand.amount.currency
    }
    var total = demand.amount
    for part in parts { total = try total.adding(part.amount) }
    let inputs = [
      RuleInput("amount", "\(demand.amount)"), RuleInput("similar_demands", String(parts.count)),
      RuleInput("together", "\(total)"), RuleInput("cap", "\(cap.value)"),
      RuleInput("window_days", String(window.value.count)),
    ]
    let citations = [Citation(window.citation), Citation(cap.citation)]
    guard total.currency == cap.value.currency else {
      return result(.notStated, "上限币种不同，不予换算。", inputs: inputs, citations: citations)
    }
    if try cap.admits(total) {
      return result(
        .pass, "\(window.value.count) 日内同类需求合计 \(total)，未超过 \(cap.value)。", inputs: inputs, citations: citations)
    }
    return result(
      .fail, "\(window.value.count) 日内同类需求合计 \(total)，超过 \(cap.value)，按一笔评判。", inputs: inputs,
      citations: citations,
      remedies: parts.map {
        Remedy(field: "demand.similar", from: $0.demand, to: "", explanation: "撤回或并入需求 \($0.demand)（\($0.amount)）。")
      })
  }
}
