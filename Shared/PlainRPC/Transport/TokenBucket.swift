import NIOCore

/// Allows bursts and a steady rate. Tokens are counted in nanoseconds of refill, so no fraction is lost.
struct TokenBucket {
  private let burst: Int64
  private let nanosecondsPerToken: Int64
  private var level: Int64
  private var last: NIODeadline

  init(_ rate: PlainLimits.Rate, now: NIODeadline) {
    nanosecondsPerToken = 1_000_000_000 / Int64(max(1, rate.perSecond))
    burst = Int64(max(1, rate.burst)) * nanosecondsPerToken
    level = burst
    last = now
  }

  /// - Returns: false when the bucket is empty.
  mutating func take(now: NIODeadline) -> Bool {
    level = min(burst, level + max(0, (now - last).nanoseconds))
    last = max(last, now)
    if level < nanosecondsPerToken { return false }
    level -= nanosecondsPerToken
    return true
  }
}
