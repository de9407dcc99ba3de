package import Kernel

/// Where a firm belongs, and what its marks rest on.
package struct EnterpriseTies: Hashable, Sendable {
  package static let maximumAffiliates = 20

  /// Industry chain; empty when none.
  package var chain = ""
  /// Park; empty when none.
  package var park = ""
  /// Codes of firms under the same control.
  package var affiliates: [String] = []
  package var firstLoanEvidence: FirstLoanEvidence?
  package var gradeReceipt: GradeReceipt?

  package init() {}

  /// - Throws: `INVALID_ARGUMENT`, `INVALID_USCC`, `EVIDENCE_MISSING`, naming the field.
  package func check(firstLoan: Bool) throws(DomainError) {
    _ = try Texts.optional(chain, "chain", maximum: Texts.maximumTag)
    _ = try Texts.optional(park, "park", maximum: Texts.maximumTag)
    guard affiliates.count <= Self.maximumAffiliates else {
      throw DomainError.invalid("affiliates", "a firm has at most \(Self.maximumAffiliates) affiliates")
    }
    var seen: Set<String> = []
    for (index, affiliate) in affiliates.enumerated() {
      do {
        _ = try UnifiedSocialCreditCode(affiliate)
      } catch {
        throw DomainError(.invalidUSCC, error.message, field: "affiliates[\(index)]")
      }
      guard seen.insert(affiliate).inserted else {
        throw DomainError.invalid("affiliates[\(index)]", "\(affiliate) stands twice")
      }
    }
    if firstLoanEvidence != nil, !firstLoan {
      throw DomainError.invalid("first_loan_evidence", "goes with first_loan = true")
    }
    if let gradeReceipt {
      _ = try Texts.required(gradeReceipt.source, "grade_receipt.source", maximum: Texts.maximumReference)
    }
  }
}

/// 首贷户: the credit report that shows no loan and no bill discount.
package struct FirstLoanEvidence: Hashable, Sendable {
  package var evidence: Evidence
  package var reportedOn: BusinessDate

  package init(evidence: Evidence, reportedOn: BusinessDate) {
    self.evidence = evidence
    self.reportedOn = reportedOn
  }
}

extension Enterprise {
  /// The firm when its first loan is signed, or when that contract has come to nothing before any money was paid. The report
  /// stays on file.
  package func withFirstLoan(_ firstLoan: Bool, now: Instant) -> Enterprise {
    var next = self
    next.firstLoan = firstLoan
    next.updatedAt = now
    next.revision += 1
    return next
  }
}

/// Where a platform grade came from.
package struct GradeReceipt: Hashable, Sendable {
  package var source: String
  package var gradedOn: BusinessDate

  package init(source: String, gradedOn: BusinessDate) {
    self.source = source
    self.gradedOn = gradedOn
  }
}

/// A check of a firm's particulars with the register.
package struct Verification: Hashable, Sendable {
  package var evidence: Evidence
  package var actor: String
  package var checkedOn: BusinessDate

  package init(evidence: Evidence, actor: String, checkedOn: BusinessDate) {
    self.evidence = evidence
    self.actor = actor
    self.checkedOn = checkedOn
  }
}
