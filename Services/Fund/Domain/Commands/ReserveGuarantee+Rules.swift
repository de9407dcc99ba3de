import Kernel
import Policy

/// What the packs say of the loan itself.
extension ReserveGuarantee {
  /// 财金〔2025〕11号 forbids guarantees for municipal bonds and government financing platforms.
  /// - Throws: `REQUIRED_FIELD_MISSING` when purposes are excluded and none is given; `POLICY_CONDITION_FAILED`.
  func requirePurpose(_ reading: inout PolicyReading) throws(DomainError) {
    guard let excluded = try reading.ifStated("guarantee.excluded_purposes", as: .texts) else { return }
    if purpose.isEmpty {
      throw DomainError(
        .requiredFieldMissing, "purpose is required: \(excluded.citation.ruleID) excludes purposes", field: "purpose",
        metadata: ["rule": excluded.citation.ruleID])
    }
    if excluded.value.contains(purpose) {
      throw DomainError(
        .policyConditionFailed, "\(excluded.citation.ruleID) excludes loans for \(purpose)", field: "purpose",
        metadata: ["rule": excluded.citation.ruleID])
    }
  }

  /// The product's largest amount a firm and its longest term (泰金监字〔2023〕2号: 国担快贷 ¥5 M and 12 months).
  /// - Parameter held: principal of the firm's other guarantees under the facility.
  /// - Throws: `POLICY_CONDITION_FAILED`.
  func requireProductTerms(held: Money, _ reading: inout PolicyReading) throws(DomainError) {
    if let cap = try reading.ifStated("product.amount.cap", as: .money) {
      let total = try held.adding(principal)
      if try !cap.admits(total) {
        throw DomainError(
          .policyConditionFailed, "\(total) to one firm is above the \(cap.value) of \(cap.citation.ruleID)",
          field: "principal",
          metadata: ["rule": cap.citation.ruleID, "cap_minor_units": "\(cap.value.minorUnits)"])
      }
    }
    if let cap = try reading.ifStated("product.term.cap", as: .months), let months = Int(exactly: cap.value) {
      let last = try businessDate.adding(months: months)
      if cap.inclusive ? maturesOn > last : maturesOn >= last {
        throw DomainError(
          .policyConditionFailed, "the product is lent for at most \(months) months (\(cap.citation.ruleID))",
          field: "matures_on", metadata: ["rule": cap.citation.ruleID, "months": "\(months)"])
      }
    }
  }
}
