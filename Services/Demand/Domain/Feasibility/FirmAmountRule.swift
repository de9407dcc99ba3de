import Kernel
import Policy

/// The most that one firm may be lent without individual study; 单户 is the firm's total.
struct FirmAmountRule: FeasibilityRule {
  let name = "firm-amount"

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let (cap, mortgageHelps) = try cap(subject, policy) else { return nil }
    let total = try subject.firmTotal()
    let others = try total.subtracting(subject.demand.amount)
    let inputs = [
      RuleInput("amount", "\(subject.demand.amount)"), RuleInput("standing_contracts", "\(others)"),
      RuleInput("firm_total", "\(total)"), RuleInput("cap", "\(cap.value)"),
      RuleInput("cap_inclusive", cap.inclusive ? "true" : "false"),
    ]
    guard total.currency == cap.value.currency else {
      return result(
        .notStated, "上限以 \(cap.value.currency) 规定，本需求为 \(total.currency)，不予换算。", inputs: inputs,
        citations: [Citation(cap.citation)])
    }
    if try cap.admits(total) {
      return result(.pass, "单户合计 \(total)，未超过 \(cap.value)。", inputs: inputs, citations: [Citation(cap.citation)])
    }
    return result(
      .fail, "单户合计 \(total)，超过 \(cap.value)。", inputs: inputs, citations: [Citation(cap.citation)],
      remedies: try remedies(subject.demand, cap, others: others, mortgageHelps: mortgageHelps))
  }

  func cap(
    _ subject: FeasibilityCase, _ policy: PolicyBook
  ) throws(DomainError) -> (PolicyValue<Money>, mortgageHelps: Bool)? {
    let scope = subject.scope()
    if let own = try policy.parameterIfStated("assessment.amount.cap", as: .money, scope: scope, on: subject.date) {
      return (own, false)
    }
    guard try subject.isModelLoan(policy),
      let cap = try policy.parameterIfStated("platform_loan.amount.cap", as: .money, scope: scope, on: subject.date)
    else { return nil }
    return (cap, true)
  }

  private func remedies(
    _ demand: Demand, _ cap: PolicyValue<Money>, others: Money, mortgageHelps: Bool
  ) throws(DomainError) -> [Remedy] {
    var remedies: [Remedy] = []
    if let room = try cap.room(beside: others) {
      remedies.append(
        Remedy(
          field: "demand.amount", from: "\(demand.amount)", to: "\(room)", explanation: "申请金额降至 \(room) 以内。"))
    }
    if mortgageHelps {
      remedies.append(
        Remedy(
          field: "demand.security_mode", from: demand.securityMode.rawValue, to: SecurityMode.mortgage.rawValue,
          explanation: "提供抵押物，不受信用、保证、质押贷款单户上限约束。"))
    }
    return remedies
  }
}

extension PolicyValue<Money> {
  /// What a highest amount leaves beside others; `nil` when nothing.
  /// - Throws: `AMOUNT_OVERFLOW`, `CURRENCY_MISMATCH`.
  func room(beside others: Money) throws(DomainError) -> Money? {
    let left = try value.subtracting(others)
    let room = inclusive ? left : try left.subtracting(Money(1, value.currency))
    return room.isPositive ? room : nil
  }
}
