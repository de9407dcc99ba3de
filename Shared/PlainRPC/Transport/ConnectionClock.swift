import NIOCore

/// The timeouts of one connection as plain arithmetic: it is told what happened and when, and asked at every tick what
/// follows. It owns no timer and reads no clock.
final class ConnectionClock {
  enum Verdict: Equatable {
    case nothing
    /// Silence: ask whether the peer is there.
    case ping
    /// The peer is too slow; it gets a GOAWAY.
    case fault(String)
    /// The peer does not read or is not there; nobody would hear a GOAWAY.
    case dead(String)
  }

  private let limits: PlainLimits
  private var openedAt: NIODeadline
  private var isOpen = false
  private var lastReceived: NIODeadline
  private var pingSentAt: NIODeadline?
  private var frameStartedAt: NIODeadline?
  private var unwritableSince: NIODeadline?
  private var lastTick: NIODeadline

  init(limits: PlainLimits, now: NIODeadline) {
    self.limits = limits
    openedAt = now
    lastReceived = now
    lastTick = now
  }

  /// How often `check` is to be called: a quarter of the shortest timeout, at least a millisecond, at most a second.
  var tick: TimeAmount {
    let shortest =
      [
        limits.handshakeTimeout, limits.frameTimeout, limits.writeStallTimeout, limits.keepaliveIdle,
        limits.keepaliveTimeout,
      ].map { TimeAmount($0).nanoseconds }.min() ?? 0
    return .nanoseconds(min(max(shortest / 4, 1_000_000), 1_000_000_000))
  }

  func start(_ now: NIODeadline) {
    openedAt = now
    lastReceived = now
    lastTick = now
  }

  /// Says that a tick has come. One that comes late shows that this side did not run: what arrived meanwhile is unread, and the
  /// time is not counted against the peer.
  func didTick(_ now: NIODeadline) {
    let late = now - lastTick - tick
    lastTick = now
    guard late > tick else { return }
    openedAt = openedAt + late
    lastReceived = lastReceived + late
    pingSentAt = pingSentAt.map { $0 + late }
    frameStartedAt = frameStartedAt.map { $0 + late }
    unwritableSince = unwritableSince.map { $0 + late }
  }

  func didOpen() { isOpen = true }

  func didReceive(_ now: NIODeadline) {
    lastReceived = now
    pingSentAt = nil
  }

  /// A frame is whole, so the next one, if it has begun, began now.
  func didCompleteFrame() { frameStartedAt = nil }

  func isMidFrame(_ midFrame: Bool, now: NIODeadline) {
    frameStartedAt = midFrame ? frameStartedAt ?? now : nil
  }

  func didChangeWritability(_ writable: Bool, now: NIODeadline) {
    unwritableSince = writable ? nil : now
    // What did not arrive while reading was paused is not the peer's fault.
    if writable && frameStartedAt != nil { frameStartedAt = now }
    if writable { lastReceived = now }
  }

  func check(now: NIODeadline, readIsPaused: Bool) -> Verdict {
    if let since = unwritableSince, now - since > TimeAmount(limits.writeStallTimeout) {
      return .dead("the peer has not read for \(limits.writeStallTimeout)")
    }
    if readIsPaused { return .nothing }
    if !isOpen && now - openedAt > TimeAmount(limits.handshakeTimeout) {
      return .fault("no SETTINGS within \(limits.handshakeTimeout)")
    }
    if let started = frameStartedAt, now - started > TimeAmount(limits.frameTimeout) {
      return .fault("a frame was not complete within \(limits.frameTimeout)")
    }
    if let sent = pingSentAt {
      return now - sent > TimeAmount(limits.keepaliveTimeout)
        ? .dead("no answer to a PING within \(limits.keepaliveTimeout)") : .nothing
    }
    if isOpen && now - lastReceived > TimeAmount(limits.keepaliveIdle) {
      pingSentAt = now
      return .ping
    }
    return .nothing
  }
}
