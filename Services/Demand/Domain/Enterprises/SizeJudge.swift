import Kernel
import Policy

/// The scale of a firm by 工信部联企业〔2011〕300号, with the thresholds of the policy packs.
enum SizeJudge {
  /// A firm has a size only if it meets all of that size's bounds, so its band is the smallest over the figures that its
  /// sector is judged by. A missing figure leaves the band open rather than guessed.
  static func judge(
    _ inputs: SizeInputs, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> SizeJudgement {
    var reading = PolicyReading(
      policy, scope: PolicyScope(attributes: PolicyAttributes(industry: inputs.sector)), on: date)
    var smallest: SizeBand?
    var complete = true
    for (parameter, figure) in [
      ("size.by_staff", inputs.staff), ("size.by_revenue", inputs.revenue?.minorUnits),
      ("size.by_assets", inputs.assets?.minorUnits),
    ] {
      guard let bands = try reading.ifStated(parameter, as: .bands) else { continue }
      guard let figure else {
        complete = false
        continue
      }
      guard case .text(let text)? = bands.value.band(at: figure)?.value, let band = SizeBand(rawValue: text) else {
        throw DomainError(.internal, "policy parameter \(parameter) names no size for \(figure)")
      }
      smallest = min(smallest ?? band, band)
    }
    return SizeJudgement(
      inputs: inputs, band: complete ? smallest : nil, citations: reading.citations.map(Citation.init), asOf: date,
      policyDigest: policy.digest)
  }

  private static func min(_ left: SizeBand, _ right: SizeBand) -> SizeBand {
    let order = SizeBand.allCases
    return (order.firstIndex(of: left) ?? 0) <= (order.firstIndex(of: right) ?? 0) ? left : right
  }
}
