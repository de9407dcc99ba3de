import Kernel
import Policy

/// How long after its disbursement a loan may still be registered. Later, somebody could wait and register only what fails.
struct RegistrationWindow {
  /// Days of a pack; nil for a scheme's own term, which counts calendar days.
  private let stated: PolicyDays?
  private let count: Int64
  /// Whether the last day itself belongs to it.
  private let isInclusive: Bool
  /// The rule that states it, or the scheme whose own term it is.
  private let rule: String
  private let calendar: WorkingCalendar

  init(_ stated: PolicyValue<PolicyDays>, _ policy: PolicyBook) {
    self.stated = stated.value
    count = stated.value.count
    isInclusive = stated.inclusive
    rule = stated.citation.ruleID
    calendar = WorkingCalendar(policy)
  }

  init(days: Int64, of scheme: String, _ policy: PolicyBook) {
    stated = nil
    count = days
    isInclusive = true
    rule = scheme
    calendar = WorkingCalendar(policy)
  }

  /// - Throws: `POLICY_CONDITION_FAILED` for a loan paid out longer ago.
  func require(_ disbursedOn: BusinessDate, registeredOn day: BusinessDate) throws(DomainError) {
    let last: BusinessDate
    if let stated {
      last = try calendar.deadline(stated, after: disbursedOn)
    } else {
      last = try disbursedOn.adding(days: Int(count))
    }
    if isInclusive ? day <= last : day < last { return }
    throw DomainError(
      .policyConditionFailed,
      "a loan paid out on \(disbursedOn) is registered within \(count) days (\(rule)), not on \(day)",
      field: "disbursed_on", metadata: ["rule": rule, "last": last.description])
  }
}
