package import Kernel

/// The firm takes its demand back.
package struct WithdrawDemand: Sendable, Hashable {
  package var demand: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  func decide(_ demand: Demand) throws(DomainError) -> [DemandEvent] { [.withdrawn] }
}
