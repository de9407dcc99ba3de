package import Kernel

/// How far one source has been followed.
package struct FeedReport: Sendable, Hashable {
  package var source: FeedSource
  package var applied: Int64
  package var seen: Int64
  package var isConnected: Bool
  package var failedAttempts: Int
  /// Name of a status or reason, never an error's text.
  package var lastFailure: String
  package var appliedAt: Instant?

  package init(
    source: FeedSource, applied: Int64 = 0, seen: Int64 = 0, isConnected: Bool = false, failedAttempts: Int = 0,
    lastFailure: String = "", appliedAt: Instant? = nil
  ) {
    self.source = source
    self.applied = applied
    self.seen = seen
    self.isConnected = isConnected
    self.failedAttempts = failedAttempts
    self.lastFailure = lastFailure
    self.appliedAt = appliedAt
  }

  package var lag: Int64 { max(0, seen - applied) }
}

/// Follows the other services' logs. The API asks it how far it has come.
package protocol FeedMonitor: Sendable {
  /// The configured sources, by name.
  func reports() async -> [FeedReport]
  /// Returns once the source's events up to `sequence` are applied; ends early when the task is cancelled or the source
  /// is not configured.
  func wait(for source: FeedSource, sequence: Int64) async
}

/// Another service's event log as this service reads it.
package protocol FeedLog: Sendable {
  var source: FeedSource { get }
  /// Delivers every event after `sequence` in order, first those that are stored, then each as it happens. Returns when
  /// the other side ends the stream; throws when it cannot be reached or breaks off.
  /// - Parameter opened: called once the other side was reached, before the first event.
  func follow(
    after sequence: Int64, opened: @Sendable () async -> Void,
    receive: @Sendable (FeedEvent) async throws -> Void
  ) async throws
}
