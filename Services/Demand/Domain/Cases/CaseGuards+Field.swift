import Kernel

extension CaseGuards {
  /// A visit has been made, and lies in the place of its sweep, which is not over.
  static func visit(_ opened: Case, _ situation: CaseSituation, on today: BusinessDate) throws(DomainError) {
    if let day = opened.happenedOn, day > today {
      throw DomainError(.invalidDate, "\(day) is after the business day \(today)", field: "matter.fields.visited_on")
    }
    guard let sweep = situation.parent else { return }
    guard sweep.state == "open" else {
      throw DomainError(.stateConflict, "cases/\(sweep.id) is closed", field: "matter.parent")
    }
    guard opened.region.lies(in: sweep.region.reach) else {
      throw DomainError.invalid("matter.region_code", "\(opened.region) lies outside the sweep of \(sweep.region)")
    }
  }

  /// - Throws: `INVALID_DATE`.
  static func sweep(_ opened: Case) throws(DomainError) {
    let (from, to) = try opened.period
    guard from <= to, to.days(since: from) <= CaseReportQuery.maximumDays else {
      throw DomainError(
        .invalidDate, "from to to are 1 to \(CaseReportQuery.maximumDays + 1) days", field: "matter.fields.to")
    }
  }

  /// A team is of a chain, whose lead banks it names, or has a speciality (特色辅导队).
  static func team(_ opened: Case) throws(DomainError) {
    switch (opened.fields["chain"], opened.fields["speciality"]) {
    case (nil, nil):
      throw DomainError(
        .requiredFieldMissing, "a team has a chain or a speciality", field: "matter.fields.chain")
    case (.some, _) where opened.fields["lead_banks"] == nil:
      throw DomainError(
        .requiredFieldMissing, "the team of a chain names its lead banks", field: "matter.fields.lead_banks")
    default: break
    }
  }
}
