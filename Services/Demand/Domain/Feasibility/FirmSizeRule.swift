import Kernel
import Policy

/// The sizes of firm that the judgement, or the city's model, serves. Others are studied one by one rather than refused.
struct FirmSizeRule: FeasibilityRule {
  let name = "firm-size"

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let sizes = try sizes(subject, policy) else { return nil }
    let served = sizes.value.joined(separator: ", ")
    let inputs = [RuleInput("size_band", subject.profile.sizeBand?.rawValue ?? ""), RuleInput("served", served)]
    guard let band = subject.profile.sizeBand else {
      return result(
        .conditional, "企业规模未划型。", inputs: inputs, citations: [Citation(sizes.citation)],
        remedies: [
          Remedy(
            field: "enterprise.size_inputs", from: "", to: served, explanation: "补报从业人员、营业收入或资产总额以便划型。")
        ])
    }
    if sizes.value.contains(band.rawValue) {
      return result(.pass, "企业规模在服务范围内。", inputs: inputs, citations: [Citation(sizes.citation)])
    }
    return result(
      .conditional, "企业规模不在服务范围内，须个别研究。", inputs: inputs, citations: [Citation(sizes.citation)],
      remedies: [
        Remedy(field: "enterprise.size_band", from: band.rawValue, to: served, explanation: "提级办理，由市级个别研究。")
      ])
  }

  private func sizes(
    _ subject: FeasibilityCase, _ policy: PolicyBook
  ) throws(DomainError) -> PolicyValue<[String]>? {
    // The size itself is what is asked about, so it does not select the rule.
    var scope = subject.scope()
    scope.attributes.size = nil
    if let own = try policy.parameterIfStated("assessment.sizes", as: .texts, scope: scope, on: subject.date) {
      return own
    }
    guard try subject.isModelLoan(policy) else { return nil }
    return try policy.parameterIfStated("platform_loan.sizes", as: .texts, scope: scope, on: subject.date)
  }
}
