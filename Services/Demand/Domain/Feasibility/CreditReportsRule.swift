import Kernel
import Policy

/// 双查: the credit reports that must be read, each with the applicant's consent (泰金监字〔2023〕2号).
struct CreditReportsRule: FeasibilityRule {
  let name = "credit-reports"

  func concerns(_ subject: FeasibilityCase) -> Bool {
    switch subject.demand.instrument {
    case .loan, .guarantee, .bridgeLoan, .factoring, .lease: true
    case .insurance, .equity, .bond: false
    }
  }

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let required = try Self.required(scope: subject.scope(), policy, on: subject.date) else { return nil }
    let held = Set(subject.profile.consents.map(\.kind))
    let needed = try required.value.map { word throws(DomainError) in try Self.kind(word) }
    let missing = needed.filter { !held.contains($0) }
    let inputs = [
      RuleInput("required", required.value.joined(separator: ", ")),
      RuleInput("consents", held.map(\.rawValue).sorted().joined(separator: ", ")),
    ]
    if missing.isEmpty {
      return result(.pass, "征信与公共信用查询授权齐全。", inputs: inputs, citations: [Citation(required.citation)])
    }
    let remedies = missing.map { kind in
      Remedy(field: "enterprise.consents", from: "", to: kind.rawValue, explanation: "补签“\(kind.chinese)”查询授权。")
    }
    return result(
      .conditional, "缺少 \(missing.count) 项查询授权。", inputs: inputs, citations: [Citation(required.citation)],
      remedies: remedies)
  }

  static func required(
    scope: PolicyScope, _ policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> PolicyValue<[String]>? {
    if let own = try policy.parameterIfStated("assessment.consents", as: .texts, scope: scope, on: date) {
      return own
    }
    let consent = try policy.parameterIfStated(
      "loan_file.consent_required", as: .boolean, scope: scope, on: date)
    guard consent?.value == true else { return nil }
    return try policy.parameterIfStated("loan_file.required_reports", as: .texts, scope: scope, on: date)
  }

  /// The packs' word for a report.
  static func kind(_ word: String) throws(DomainError) -> ConsentKind {
    switch word {
    case "pboc_credit_report": .pbocCredit
    case "public_credit_platform_report": .publicCredit
    case "tax_report": .tax
    default: throw DomainError(.internal, "the policy packs name a credit report \"\(word)\" that no consent covers")
    }
  }
}

extension ConsentKind {
  fileprivate var chinese: String {
    switch self {
    case .pbocCredit: "人民银行征信"
    case .publicCredit: "公共信用信息"
    case .tax: "涉税信息"
    }
  }
}
