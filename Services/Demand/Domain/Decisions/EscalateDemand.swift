package import Kernel

/// 提级办理: the demand goes to the next level of government (淄金稳办发〔2023〕11号 二(三)).
package struct EscalateDemand: Sendable, Hashable {
  package var demand: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `OUT_OF_SCOPE` for a caller below the present level, `STATE_CONFLICT` at the city.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    try HandlingLevels.require(demand, by: caller)
    let level = demand.handling.level
    guard let above = level.above else {
      throw DomainError(
        .stateConflict, "demands/\(demand.id) is at the city already", metadata: ["level": level.rawValue])
    }
    return [
      .escalated(Escalation(from: level, to: above, reason: reason, actor: caller.organisation, at: now))
    ]
  }
}

enum HandlingLevels {
  /// Once a demand has gone up, only that level and those above it judge it, push it and send it further.
  /// - Throws: `OUT_OF_SCOPE`.
  static func require(_ demand: Demand, by caller: Caller) throws(DomainError) {
    guard caller.role == .gridWorker || caller.role == .regulator else { return }
    let level = demand.handling.level
    guard caller.regionPrefix.utf8.count <= level.longestPrefix else {
      throw DomainError(
        .outOfScope, "demands/\(demand.id) is handled by the \(level.rawValue) now", field: "name",
        metadata: ["level": level.rawValue, "region": caller.regionPrefix])
    }
  }
}
