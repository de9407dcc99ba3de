import Kernel
import Policy

/// 应急转贷: the amount to one borrower, and the bank's renewal commitment, which comes first.
struct BridgeLoanRule: FeasibilityRule {
  let name = "bridge-loan"

  func concerns(_ subject: FeasibilityCase) -> Bool { subject.demand.instrument == .bridgeLoan }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    var reading = PolicyReading(policy, scope: subject.scope(product: "bridge_loan"), on: subject.date)
    let cap = try reading.ifStated("bridge_loan.amount.cap", as: .money)
    let commitment = try reading.ifStated("bridge_loan.commitment_required", as: .boolean)
    if cap == nil && commitment == nil { return nil }
    var inputs = [RuleInput("amount", "\(subject.demand.amount)")]
    if let cap {
      inputs.append(RuleInput("cap", "\(cap.value)"))
      if cap.value.currency == subject.demand.amount.currency, try !cap.admits(subject.demand.amount) {
        return result(
          .fail, "超过单户转贷上限 \(cap.value)。", inputs: inputs, citations: reading.citations.map(Citation.init),
          remedies: [
            Remedy(
              field: "demand.amount", from: "\(subject.demand.amount)", to: "\(cap.value)",
              explanation: "申请金额降至 \(cap.value) 以内。")
          ])
      }
    }
    guard commitment?.value == true else {
      return result(.pass, "符合应急转贷金额要求。", inputs: inputs, citations: reading.citations.map(Citation.init))
    }
    return result(
      .conditional, "须先取得贷款银行的续贷承诺。", inputs: inputs, citations: reading.citations.map(Citation.init),
      remedies: [
        Remedy(field: "evidence", from: "", to: "renewal-commitment", explanation: "提供贷款银行续贷承诺书。")
      ])
  }
}
