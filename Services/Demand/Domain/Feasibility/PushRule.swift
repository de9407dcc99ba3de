import Kernel
import Policy

/// The rule that makes institutions and regulators learn of a demand at the same moment.
enum PushRule {
  static func citations(
    _ policy: PolicyBook, region: RegionCode, on date: BusinessDate
  ) throws(DomainError) -> [Citation] {
    let rule = try policy.parameterIfStated(
      "demand.push.recipients", as: .texts, scope: PolicyScope(region: region.text), on: date)
    return rule.map { [Citation($0.citation)] } ?? []
  }
}
