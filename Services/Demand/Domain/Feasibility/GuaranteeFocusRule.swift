import Kernel
import Policy

/// What the government guarantee system is there for: up to ¥10 M a firm (财金〔2025〕11号).
struct GuaranteeFocusRule: FeasibilityRule {
  let name = "guarantee-focus"

  func concerns(_ subject: FeasibilityCase) -> Bool {
    subject.demand.instrument == .guarantee || subject.demand.securityMode == .guarantee
  }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard
      let cap = try policy.parameterIfStated(
        "guarantee.amount.focus_cap", as: .money, scope: subject.scope(product: "guarantee"), on: subject.date)
    else { return nil }
    let total = try subject.firmTotal()
    let others = try total.subtracting(subject.demand.amount)
    let inputs = [
      RuleInput("amount", "\(subject.demand.amount)"), RuleInput("standing_contracts", "\(others)"),
      RuleInput("firm_total", "\(total)"), RuleInput("focus_cap", "\(cap.value)"),
      RuleInput("cap_inclusive", cap.inclusive ? "true" : "false"),
    ]
    guard total.currency == cap.value.currency else {
      return result(
        .notStated, "上限以 \(cap.value.currency) 规定，不予换算。", inputs: inputs, citations: [Citation(cap.citation)])
    }
    if try cap.admits(total) {
      return result(.pass, "属政府性融资担保重点支持范围。", inputs: inputs, citations: [Citation(cap.citation)])
    }
    return result(
      .conditional, "超出政府性融资担保重点支持的单户金额，须个别研究。", inputs: inputs, citations: [Citation(cap.citation)],
      remedies: try remedies(subject.demand, cap, others: others))
  }

  private func remedies(
    _ demand: Demand, _ cap: PolicyValue<Money>, others: Money
  ) throws(DomainError) -> [Remedy] {
    var remedies: [Remedy] = []
    if let room = try cap.room(beside: others) {
      remedies.append(
        Remedy(
          field: "demand.amount", from: "\(demand.amount)", to: "\(room)", explanation: "申请金额降至 \(room) 以内。"))
    }
    if demand.securityMode == .guarantee {
      remedies.append(
        Remedy(
          field: "demand.security_mode", from: demand.securityMode.rawValue, to: SecurityMode.mortgage.rawValue,
          explanation: "改用抵押，不占用政府性融资担保额度。"))
    }
    return remedies
  }
}
