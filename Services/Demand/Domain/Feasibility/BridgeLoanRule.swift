import Kernel
import Policy

/// 应急转贷: the amount to one borrower, and the bank's renewal commitment, which comes first.
struct BridgeLoanRule: FeasibilityRule {
  let name = "bridge-loan"

  private struct Terms {
    let cap: PolicyValue<Money>?
    let commitment: PolicyValue<Bool>?
    let share: PolicyValue<Rate>?
    let citations: [Citation]
  }

  func concerns(_ subject: FeasibilityCase) -> Bool { subject.demand.instrument == .bridgeLoan }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    var reading = PolicyReading(policy, scope: subject.scope(product: "bridge_loan"), on: subject.date)
    let cap = try reading.ifStated("bridge_loan.amount.cap", as: .money)
    let commitment = try reading.ifStated("bridge_loan.commitment_required", as: .boolean)
    if cap == nil && commitment == nil { return nil }
    let share = try reading.ifStated("bridge_loan.renewal_share.cap", as: .rate)
    let terms = Terms(
      cap: cap, commitment: commitment, share: share, citations: reading.citations.map(Citation.init))
    var inputs = [RuleInput("amount", "\(subject.demand.amount)")]
    if let answer = try judgeAmount(subject.demand, terms, &inputs) { return answer }
    guard commitment?.value == true else {
      return result(.pass, "符合应急转贷金额要求。", inputs: inputs, citations: terms.citations)
    }
    return try judgeCommitment(subject, terms, inputs)
  }

  /// `nil` when the amount is no obstacle.
  private func judgeAmount(
    _ demand: Demand, _ terms: Terms, _ inputs: inout [RuleInput]
  ) throws(DomainError) -> RuleResult? {
    guard let cap = terms.cap else { return nil }
    inputs.append(RuleInput("cap", "\(cap.value)"))
    inputs.append(RuleInput("cap_inclusive", cap.inclusive ? "true" : "false"))
    guard cap.value.currency == demand.amount.currency else {
      return result(
        .notStated, "上限以 \(cap.value.currency) 规定，本需求为 \(demand.amount.currency)，不予换算。", inputs: inputs,
        citations: terms.citations)
    }
    if try cap.admits(demand.amount) { return nil }
    let room = try cap.room(beside: Money(0, cap.value.currency))
    return result(
      .fail, "超过单户转贷上限 \(cap.value)。", inputs: inputs, citations: terms.citations,
      remedies: room.map { [lower(demand, to: $0)] } ?? [])
  }

  /// The commitment that holds on the day and reaches furthest.
  private func judgeCommitment(
    _ subject: FeasibilityCase, _ terms: Terms, _ given: [RuleInput]
  ) throws(DomainError) -> RuleResult {
    let demand = subject.demand
    let commitments = demand.handling.documents.filter {
      $0.evidence.kind == DemandDocument.renewalCommitment && $0.holds(on: subject.date)
    }
    var inputs = given + [RuleInput("renewal_commitments", String(commitments.count))]
    guard let first = commitments.first else {
      return result(
        .conditional, "须先取得贷款银行的续贷承诺。", inputs: inputs, citations: terms.citations,
        remedies: [remedy("提供贷款银行续贷承诺书。")])
    }
    guard let share = terms.share else {
      return result(.pass, "已有贷款银行续贷承诺。", inputs: inputs, citations: terms.citations)
    }
    inputs.append(RuleInput("renewal_share_ppm", String(share.value.ppm)))
    let amounts = commitments.compactMap(\.amount)
    guard let committed = amounts.max(by: { $0.minorUnits < $1.minorUnits }) else {
      return result(
        .conditional, "续贷承诺未载明金额。", inputs: inputs, citations: terms.citations,
        remedies: [remedy("补充载明金额的续贷承诺书（\(first.evidence.reference)）。")])
    }
    inputs.append(RuleInput("committed", "\(committed)"))
    let room = try Self.largest(share, of: committed)
    if demand.amount.minorUnits <= room.minorUnits {
      return result(.pass, "已有贷款银行续贷承诺，金额在规定比例以内。", inputs: inputs, citations: terms.citations)
    }
    return result(
      .fail, "超过续贷承诺金额的规定比例，至多 \(room)。", inputs: inputs, citations: terms.citations,
      remedies: room.isPositive ? [lower(demand, to: room)] : [])
  }

  /// The largest amount that is at most, or below, a share of another: rounded down, so that it never exceeds the share.
  /// - Throws: `AMOUNT_OVERFLOW`.
  static func largest(_ share: PolicyValue<Rate>, of amount: Money) throws(DomainError) -> Money {
    let product = amount.minorUnits.multipliedFullWidth(by: share.value.ppm)
    let million = Int64(1_000_000)
    guard product.high >= 0, product.high < million / 2 else { throw .amountOverflow("\(share.value) of \(amount)") }
    let (quotient, remainder) = million.dividingFullWidth(product)
    return Money(share.inclusive || remainder > 0 ? quotient : quotient - 1, amount.currency)
  }

  private func lower(_ demand: Demand, to room: Money) -> Remedy {
    Remedy(
      field: "demand.amount", from: "\(demand.amount)", to: "\(room)", explanation: "申请金额降至 \(room) 以内。")
  }

  private func remedy(_ explanation: String) -> Remedy {
    Remedy(field: "demand.documents", from: "", to: DemandDocument.renewalCommitment, explanation: explanation)
  }
}
