import EvaluationDomain

/// Events between the stream that delivers them and the transaction that applies them: while one batch is written the
/// next gathers, so that a long catch-up costs one commit for many events and a quiet stream none of the latency.
actor FeedBuffer {
  /// Events of one transaction; more would hold the writer from others.
  static let capacity = 512

  private var events: [FeedEvent] = []
  private var isFinished = false
  private var taker: CheckedContinuation<Void, Never>?
  private var putter: CheckedContinuation<Void, Never>?

  /// Suspends while the buffer is full.
  func put(_ event: FeedEvent) async {
    events.append(event)
    resume(&taker)
    if events.count >= Self.capacity, !isFinished { await withCheckedContinuation { putter = $0 } }
  }

  /// Everything gathered, in order; empty once the stream has ended and all was taken.
  func take() async -> [FeedEvent] {
    if events.isEmpty, !isFinished { await withCheckedContinuation { taker = $0 } }
    defer {
      events.removeAll(keepingCapacity: true)
      resume(&putter)
    }
    return events
  }

  /// No more events come, or nobody takes them any more.
  func finish() {
    isFinished = true
    resume(&taker)
    resume(&putter)
  }

  private func resume(_ continuation: inout CheckedContinuation<Void, Never>?) {
    continuation?.resume()
    continuation = nil
  }
}
