package import Kernel
import Policy

extension CaseGuards {
  /// A place has one target for a period of at most a year.
  static func target(_ opened: Case, _ situation: CaseSituation) throws(DomainError) {
    let (from, to) = try opened.period
    guard from <= to, to.days(since: from) <= CaseReportQuery.maximumDays else {
      throw DomainError(
        .invalidDate, "from to to are 1 to \(CaseReportQuery.maximumDays + 1) days", field: "matter.fields.to")
    }
    guard situation.openSiblings == 0 else {
      throw DomainError(
        .resourceExists, "\(opened.region) has a target for \(from) to \(to)", field: "matter.fields.from")
    }
  }

  /// 白名单企业续贷一申即享 (烟营办便函〔2023〕8号 三(三)9): where the policy keeps a white list, the firm stands on it; a loan
  /// has one application at a time.
  static func application(
    _ opened: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    let scope = PolicyScope(region: opened.region.text)
    if let list = try policy.parameterIfStated("renewal.white_list", as: .boolean, scope: scope, on: today),
      list.value, !situation.isListedForRenewal
    {
      throw DomainError(
        .policyConditionFailed, "enterprises/\(opened.enterprise) is not on the white list of renewals",
        field: "matter.enterprise", metadata: ["rule": list.citation.ruleID])
    }
    guard situation.openOfFirm == 0 else {
      throw DomainError(.resourceExists, "the loan \(opened.topic) is applied for", field: "matter.fields.loan")
    }
  }

  /// The new contract is signed before the old one matures (金规〔2024〕13号).
  static func renewedInTime(_ next: Case, policy: PolicyBook, on today: BusinessDate) throws(DomainError) {
    let signed = try next.date("signed_on")
    let matures = try next.date("matures_on")
    let scope = PolicyScope(region: next.region.text)
    guard
      let rule = try policy.parameterIfStated("renewal.signed_before_maturity", as: .boolean, scope: scope, on: signed),
      rule.value, signed >= matures
    else { return }
    throw DomainError(
      .policyConditionFailed, "signed on \(signed), not before the old loan matures on \(matures)",
      field: "fields.signed_on", metadata: ["rule": rule.citation.ruleID])
  }
}

extension Case {
  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_DATE`.
  func date(_ field: String) throws(DomainError) -> BusinessDate {
    guard let text = fields[field] else {
      throw DomainError(.requiredFieldMissing, "a \(kind.rawValue) has \(field)", field: "fields.\(field)")
    }
    return try BusinessDate(iso: text, field: "fields.\(field)")
  }

  /// First and last day of a target.
  package var period: (from: BusinessDate, to: BusinessDate) {
    get throws(DomainError) { (try date("from"), try date("to")) }
  }
}
