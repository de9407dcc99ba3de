import Kernel
import Policy

/// The scale of a firm by 工信部联企业〔2011〕300号, with the thresholds of the policy packs.
enum SizeJudge {
  /// A figure that the sector is judged by and the firm has not reported leaves the band open rather than guessed, as
  /// does a pack that does not classify the sector.
  static func judge(
    _ inputs: SizeInputs, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> SizeJudgement {
    var reading = PolicyReading(policy, on: date)
    let band: SizeBand?
    do {
      band = try SizeClassification.classify(
        .init(staff: inputs.staff, revenue: inputs.revenue, assets: inputs.assets), in: inputs.sector, with: &reading)
    } catch {
      guard error.reason == .policyFactMissing || error.reason == .policyNotStated else { throw error }
      band = nil
    }
    return SizeJudgement(
      inputs: inputs, band: band, citations: reading.citations.map(Citation.init), asOf: date,
      policyDigest: policy.digest)
  }
}
