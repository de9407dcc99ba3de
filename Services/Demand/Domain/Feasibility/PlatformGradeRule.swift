import Kernel
import Policy

/// The platform grade a demand needs: the city's own floor, or for loans of the Yantai model its C 级及以上.
struct PlatformGradeRule: FeasibilityRule {
  let name = "platform-grade"

  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult? {
    guard let floor = try floor(subject, policy) else { return nil }
    let inputs = [
      RuleInput("platform_grade", subject.profile.grade?.rawValue ?? ""),
      RuleInput("floor", "\(floor.value)"),
    ]
    let remedy = Remedy(
      field: "enterprise.platform_grade", from: subject.profile.grade?.rawValue ?? "", to: "\(floor.value)",
      explanation: "平台评级达到 \(floor.value) 级\(floor.inclusive ? "及以上" : "以上")。")
    guard let grade = subject.profile.grade else {
      return result(
        .conditional, "企业尚无平台评级。", inputs: inputs, citations: [Citation(floor.citation)], remedies: [remedy])
    }
    if admits(grade, floor) {
      return result(.pass, "平台评级 \(grade.rawValue) 级，符合要求。", inputs: inputs, citations: [Citation(floor.citation)])
    }
    return result(
      .fail, "平台评级 \(grade.rawValue) 级，低于 \(floor.value) 级。", inputs: inputs, citations: [Citation(floor.citation)],
      remedies: [remedy])
  }

  private func floor(
    _ subject: FeasibilityCase, _ policy: PolicyBook
  ) throws(DomainError) -> PolicyValue<Grade>? {
    // The grade itself is what is asked about, so it does not select the rule.
    var scope = subject.scope()
    scope.attributes.grade = nil
    if let own = try policy.parameterIfStated("assessment.grade.floor", as: .grade, scope: scope, on: subject.date) {
      return own
    }
    guard try subject.isModelLoan(policy) else { return nil }
    return try policy.parameterIfStated("platform_loan.grade.floor", as: .grade, scope: scope, on: subject.date)
  }

  private func admits(_ grade: PlatformGrade, _ floor: PolicyValue<Grade>) -> Bool {
    guard let grade = grade.onPolicyScale else { return false }
    return floor.inclusive ? grade >= floor.value : grade > floor.value
  }
}
