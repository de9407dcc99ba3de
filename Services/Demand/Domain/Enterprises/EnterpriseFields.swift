import Kernel

/// Who may say what of a firm.
enum EnterpriseFields {
  /// A firm may not grade itself, declare itself a first-loan firm, award itself a mark or say which firms and which chain it
  /// belongs to: others' figures would follow. Affiliates are a matter of those who work the ledger, a grade of the evaluation
  /// or of the house in its stead.
  /// - Throws: `OUT_OF_SCOPE` naming the field that is given.
  static func require(_ given: [UpdateEnterprise.Field: Bool], by caller: Caller) throws(DomainError) {
    for field in guarded where given[field] == true && !may(caller.role, set: field) {
      throw DomainError(
        .outOfScope,
        caller.role == .enterprise
          ? "a firm does not set its own \(field.rawValue)" : "\(caller.role.rawValue) does not set \(field.rawValue)",
        field: "enterprise.\(field.rawValue)")
    }
  }

  /// In the order in which they are named.
  private static let guarded: [UpdateEnterprise.Field] = [
    .grade, .gradeReceipt, .firstLoan, .firstLoanEvidence, .tags, .chain, .affiliates,
  ]

  private static func may(_ role: Role, set field: UpdateEnterprise.Field) -> Bool {
    switch field {
    case .grade, .gradeReceipt: role == .operator || role == .service
    case .tags, .firstLoan, .firstLoanEvidence, .chain: role != .enterprise
    case .affiliates: [.gridWorker, .regulator, .operator, .service].contains(role)
    case .displayName, .region, .industry, .sizeInputs, .consents, .park: true
    }
  }

  /// 首贷户 is what the PBOC credit system says: whoever enters it by hand has the report that shows it. The house takes it over
  /// in bulk from the register's own files.
  /// - Throws: `EVIDENCE_MISSING`, `INVALID_DATE` for a report of a day to come.
  static func requireFirstLoan(
    _ evidence: FirstLoanEvidence?, by caller: Caller, on today: BusinessDate
  ) throws(DomainError) {
    guard let evidence else {
      if caller.role == .operator || caller.role == .service { return }
      throw DomainError(
        .evidenceMissing, "a first-loan firm needs the credit report that shows no loan and no bill discount",
        field: "enterprise.first_loan_evidence")
    }
    guard evidence.reportedOn <= today else {
      throw DomainError(
        .invalidDate, "the report is of \(evidence.reportedOn), which is after today, \(today)",
        field: "enterprise.first_loan_evidence.reported_on")
    }
  }
}
