import NIOCore

/// One timer for all deadlines of a connection: it stands at the earliest, and its owner looks for the next when it
/// fires. Calls with the same timeout thus share a timer instead of each paying for one.
struct DeadlineTimer {
  /// A deadline this much earlier than the standing timer does not move it: what a timer's precision is worth.
  private static let slack = TimeAmount.milliseconds(1)

  private let loop: any EventLoop
  private var scheduled: Scheduled<Void>?
  private var firesAt = NIODeadline.distantFuture

  init(loop: any EventLoop) { self.loop = loop }

  /// Whether the standing timer fires early enough for `deadline`.
  func covers(_ deadline: NIODeadline) -> Bool { deadline + Self.slack >= firesAt }

  /// The timer has fired; nothing stands now.
  mutating func didFire() {
    scheduled = nil
    firesAt = .distantFuture
  }

  mutating func set(_ deadline: NIODeadline, fire: @escaping @Sendable () -> Void) {
    scheduled?.cancel()
    firesAt = deadline
    scheduled = loop.scheduleTask(deadline: deadline, fire)
  }

  mutating func cancel() {
    scheduled?.cancel()
    scheduled = nil
    firesAt = .distantFuture
  }
}
