package import Kernel

/// A place in the past.
package enum HistoryMoment: Sendable, Hashable {
  /// Right after this position of the log.
  case sequence(Int64)
  /// What was accepted up to this time.
  case time(Instant)
}

/// Events of one demand or firm, oldest first.
package struct HistoryPage: Sendable, Hashable {
  package var entries: [LogEntry]
  /// Whether others follow. A page ends at its limit or when it grows heavy.
  package var more: Bool

  package init(entries: [LogEntry], more: Bool) {
    self.entries = entries
    self.more = more
  }
}
