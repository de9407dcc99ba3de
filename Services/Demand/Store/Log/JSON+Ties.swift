import DemandDomain
import Kernel

/// What a firm's row and its log entry both hold as JSON, written once.
struct EnterpriseTexts {
  let citations: String?
  let extra: String

  init(_ enterprise: Enterprise) {
    citations = enterprise.size.map { JSONValue.list($0.citations.map(\.json)).string }
    extra = EnterpriseExtra(enterprise).text
  }
}

/// What a firm's row keeps as JSON beside its columns.
struct EnterpriseExtra {
  var ties = EnterpriseTies()
  var verification: Verification?

  init(_ enterprise: Enterprise) {
    ties = enterprise.ties
    verification = enterprise.verification
  }

  /// What the row of a firm keeps of which nothing of this is known: most of an import.
  static let empty = "{}"

  var text: String {
    let isEmpty =
      verification == nil && ties.affiliates.isEmpty && ties.firstLoanEvidence == nil && ties.gradeReceipt == nil
    return isEmpty ? Self.empty : json.string
  }

  private var json: JSONValue {
    .members([
      "affiliates": .filled(ties.affiliates.map(JSONValue.text)),
      "first_loan": ties.firstLoanEvidence.map {
        .members(["evidence": $0.evidence.json, "day": .day($0.reportedOn)])
      } ?? .null,
      "grade": ties.gradeReceipt.map { .members(["source": .text($0.source), "day": .day($0.gradedOn)]) } ?? .null,
      "verification": verification.map {
        .members(["evidence": $0.evidence.json, "actor": .text($0.actor), "day": .day($0.checkedOn)])
      } ?? .null,
    ])
  }

  init(json: JSONValue) throws {
    ties.affiliates = try json.items("affiliates").map { try $0.textItem }
    let first = json["first_loan"]
    if first != .null {
      ties.firstLoanEvidence = FirstLoanEvidence(
        evidence: try Evidence(json: first["evidence"]), reportedOn: try first.day("day"))
    }
    let grade = json["grade"]
    if grade != .null {
      ties.gradeReceipt = GradeReceipt(source: try grade.text("source"), gradedOn: try grade.day("day"))
    }
    let check = json["verification"]
    if check != .null {
      verification = Verification(
        evidence: try Evidence(json: check["evidence"]), actor: try check.text("actor"), checkedOn: try check.day("day")
      )
    }
  }
}
