import Kernel
import Policy

/// What the packs say of how a loss is shared.
extension LiabilityShares {
  /// Least and largest parts (国办发〔2019〕6号: bank and national fund at least 20 % each), and the parts that a product fixes
  /// (总对总: the bank 20 %; in Sichuan re-guarantor 20 %, guarantor at most 60 %).
  /// - Throws: `POLICY_CONDITION_FAILED` naming the part and the rule.
  func requireStated(_ reading: inout PolicyReading) throws(DomainError) {
    try require(bankPPM, equals: "risk_share.bank", "shares.bank_ppm", &reading)
    try require(bankPPM, within: "risk_share.bank.floor", "shares.bank_ppm", &reading)
    try require(nationalPPM, within: "risk_share.national_fund.floor", "shares.national_ppm", &reading)
    try require(reguarantorPPM, equals: "risk_share.re_guarantor", "shares.reguarantor_ppm", &reading)
    try require(guarantorPPM, within: "risk_share.guarantor.cap", "shares.guarantor_ppm", &reading)
    try require(
      Rate.one.ppm - bankPPM, equals: "risk_share.guarantee_system", "shares.bank_ppm", &reading)
  }

  private func require(
    _ part: Int64, equals parameter: String, _ field: String, _ reading: inout PolicyReading
  ) throws(DomainError) {
    guard let stated = try reading.ifStated(parameter, as: .rate), stated.value.ppm != part else { return }
    throw broken(part, field, stated, "is not")
  }

  private func require(
    _ part: Int64, within parameter: String, _ field: String, _ reading: inout PolicyReading
  ) throws(DomainError) {
    guard let stated = try reading.ifStated(parameter, as: .rate), !stated.admits(Rate(ppm: part)) else { return }
    throw broken(part, field, stated, "is outside")
  }

  private func broken(_ part: Int64, _ field: String, _ stated: PolicyValue<Rate>, _ how: String) -> DomainError {
    DomainError(
      .policyConditionFailed, "a part of \(Rate(ppm: part)) \(how) the \(stated.value) of \(stated.citation.ruleID)",
      field: field,
      metadata: ["rule": stated.citation.ruleID, "stated_ppm": "\(stated.value.ppm)", "share_ppm": "\(part)"])
  }
}
