package import Kernel

/// 月末报工作纪要、季末报总结、年末报报告 (青金监〔2022〕31号 三(三)): the report of a period, counted from the records of what was done and kept
/// as it was counted.
package struct GenerateReport: Sendable, Hashable {
  package var id: String
  /// `Case.id` of a group or a team; empty for the report of a place.
  package var subject: String
  package var region: RegionCode?
  package var period: ReportPeriod

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`, naming the field.
  package init(id: String, subject: String, region: RegionCode?, period: String) throws(DomainError) {
    if subject.isEmpty, region == nil {
      throw DomainError(.requiredFieldMissing, "a report is of a place, a group or a team", field: "region_code")
    }
    self.id = id
    self.subject = subject
    self.region = region
    self.period = try ReportPeriod(period, field: "period")
  }

  /// - Parameters:
  ///   - subject: the group or the team, when one is named.
  ///   - existing: the report of the same period that was made before.
  /// - Throws: `ROLE_NOT_ALLOWED`, `OUT_OF_SCOPE`, `RESOURCE_NOT_FOUND`, `INVALID_DATE` before the period's last day,
  ///   `RESOURCE_EXISTS`.
  package func decide(
    subject: Case?, existing: Case?, caller: Caller, now: Instant
  ) throws(DomainError) -> Case {
    guard CaseTable.rule(.report).opens.contains(caller.role) else { throw .caseRole(.report, "generate", caller) }
    let place = try place(subject, caller)
    guard place.lies(in: caller.regionPrefix) else {
      throw DomainError(
        .outOfScope, "region \(place) lies outside \(caller.regionPrefix)", field: "region_code",
        metadata: [
          "organisation": caller.organisation, "role": caller.role.rawValue, "region": caller.regionPrefix,
        ])
    }
    let today = try now.shanghaiDate()
    guard period.to <= today else {
      throw DomainError(.invalidDate, "\(period.text) ends on \(period.to), after \(today)", field: "period")
    }
    if let existing {
      throw DomainError(
        .resourceExists, "the report of \(period.text) is cases/\(existing.id)", field: "period",
        metadata: ["resource": "cases/\(existing.id)"])
    }
    var report = Case(
      id: id, kind: .report, state: CaseTable.rule(.report).first, region: place,
      title: "\(subject.map { "\($0.title) " } ?? "")\(period.text) 报告", enterprise: "",
      organisation: "", demand: "", parent: self.subject,
      fields: ["period": period.text, "from": "\(period.from)", "to": "\(period.to)"], dueOn: nil, steps: [],
      openedBy: caller.organisation, clientID: "", createdAt: now, updatedAt: now, revision: 1)
    // 月末、季末、年末: due on the last day; it is made at once, or late.
    report.deadlines = [CaseDeadline(startedOn: period.from, dueOn: period.to, metOn: today)]
    return report
  }

  private func place(_ subject: Case?, _ caller: Caller) throws(DomainError) -> RegionCode {
    if self.subject.isEmpty {
      guard let region else { throw DomainError(.requiredFieldMissing, "region_code", field: "region_code") }
      return region
    }
    guard let subject, subject.kind == .adviserGroup || subject.kind == .chainTeam, CaseScope.sees(subject, caller)
    else {
      throw DomainError(
        .resourceNotFound, "cases/\(self.subject) is no adviser group and no chain team", field: "subject")
    }
    guard region == nil || region == subject.region else {
      throw DomainError.invalid("region_code", "the subject is of \(subject.region)")
    }
    return subject.region
  }
}

/// How often something was done in a period.
package struct ReportLine: Sendable, Hashable {
  package var kind: CaseKind
  package var action: String
  package var count: Int64
  /// Different cases and different firms.
  package var cases: Int64
  package var firms: Int64

  package init(kind: CaseKind, action: String, count: Int64, cases: Int64, firms: Int64) {
    self.kind = kind
    self.action = action
    self.count = count
    self.cases = cases
    self.firms = firms
  }
}

/// A report with its lines.
package struct GeneratedReport: Sendable, Hashable {
  package var matter: Case
  package var lines: [ReportLine]

  package init(matter: Case, lines: [ReportLine]) {
    self.matter = matter
    self.lines = lines
  }
}
