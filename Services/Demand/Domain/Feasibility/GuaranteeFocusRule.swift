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
    let inputs = [RuleInput("firm_total", "\(total)"), RuleInput("focus_cap", "\(cap.value)")]
    guard total.currency == cap.value.currency else {
      return result(
        .notStated, "上限以 \(cap.value.currency) 规定，不予换算。", inputs: inputs, citations: [Citation(cap.citation)])
    }
    if try cap.admits(total) {
      return result(.pass, "属政府性融资担保重点支持范围。", inputs: inputs, citations: [Citation(cap.citation)])
    }
    return result(
      .conditional, "超出政府性融资担保重点支持的单户金额，须个别研究。", inputs: inputs, citations: [Citation(cap.citation)],
      remedies: [
        Remedy(
          field: "demand.amount", from: "\(subject.demand.amount)", to: "\(cap.value)",
          explanation: "单户合计降至 \(cap.value) 以内，或改用抵押。")
      ])
  }
}
