package import Kernel

/// What keeps the deadlines: records those that have passed unmet, on behalf of the service itself.
package protocol ClockLedger: Sendable {
  func advance(_ command: AdvanceClocks, now: Instant) async throws -> AdvancedClocks
}
