import Kernel
import Policy

/// The rates that a product charges by rule, beside the caps on what anybody may charge.
extension GuaranteeFee {
  /// - Throws: `POLICY_CONDITION_FAILED` when a rule states another rate.
  static func requireStated(
    _ rate: Rate, _ reguaranteeRate: Rate, _ reading: inout PolicyReading
  ) throws(DomainError) {
    for (rate, parameter, field) in [
      (rate, "guarantee_fee.rate", "fee_rate"), (reguaranteeRate, "re_guarantee_fee.rate", "reguarantee_fee_rate"),
    ] {
      guard let stated = try reading.ifStated(parameter, as: .rate), stated.value != rate else { continue }
      throw DomainError(
        .policyConditionFailed,
        "\(stated.citation.ruleID) charges \(stated.value) a year, the facility \(rate)", field: field,
        metadata: ["rule": stated.citation.ruleID, "stated_ppm": "\(stated.value.ppm)", "fee_ppm": "\(rate.ppm)"])
    }
  }
}
