package import DemandDomain
package import Kernel
package import Logging

/// Follows the evaluation's ratings without end: from the stored cursor on, again after every break. The evaluation may be
/// away, at the start or later; this service works on and tries again.
package struct GradeFollower: Sendable {
  /// First and longest pause before the next attempt.
  static let firstPause = Duration.milliseconds(100)
  static let longestPause = Duration.seconds(5)

  private let log: any GradeLog
  private let ledger: any GradeLedger
  private let clock: @Sendable () -> Instant
  private let pause: @Sendable (Duration) async throws -> Void
  private let logger: Logger

  package init(
    log: any GradeLog, ledger: any GradeLedger, clock: @escaping @Sendable () -> Instant, logger: Logger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.log = log
    self.ledger = ledger
    self.clock = clock
    self.logger = logger
    self.pause = pause
  }

  /// Runs until the task is cancelled.
  /// - Throws: what the ledger throws: a grade that cannot be stored is not passed over.
  package func run() async throws {
    var delay = Self.firstPause
    while !Task.isCancelled {
      let before = try await own { try await ledger.gradeCursor() }
      do {
        try await followOnce(after: before)
      } catch let failure as LedgerFailure {
        throw Task.isCancelled ? CancellationError() : failure.cause
      } catch {
        logger.debug("ratings interrupted", metadata: ["reason": "\(error)"])
      }
      if Task.isCancelled { return }
      // Progress since the last attempt means that the evaluation is there: try again soon.
      delay = try await own { try await ledger.gradeCursor() } > before ? Self.firstPause : delay
      try? await pause(delay)
      delay = min(delay * 2, Self.longestPause)
    }
  }

  /// Reads and keeps side by side; whatever was read before the stream broke is kept.
  private func followOnce(after cursor: Int64) async throws {
    let buffer = GradeBuffer()
    let reader = Task { try await read(after: cursor, into: buffer) }
    do {
      try await withTaskCancellationHandler {
        try await keep(from: buffer)
      } onCancel: {
        reader.cancel()
      }
    } catch {
      reader.cancel()
      await buffer.finish()
      _ = await reader.result
      throw error
    }
    try await reader.value
  }

  private func read(after cursor: Int64, into buffer: GradeBuffer) async throws {
    do {
      try await log.follow(after: cursor) { event in
        await buffer.put(event)
        try Task.checkCancellation()
      }
    } catch {
      await buffer.finish()
      throw error
    }
    await buffer.finish()
  }

  private func keep(from buffer: GradeBuffer) async throws {
    while true {
      let events = await buffer.take()
      if events.isEmpty { return }
      do {
        try await ledger.receive(events, now: clock())
      } catch {
        throw LedgerFailure(cause: error)
      }
    }
  }

  /// A store that closes while the process drains is an end like any other.
  private func own<R>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch { throw Task.isCancelled ? CancellationError() : error }
  }
}

private struct LedgerFailure: Error {
  let cause: any Error
}

/// Events between the stream that delivers them and the transaction that keeps them: while some are written the next
/// gather, so that a long catch-up costs one commit for many.
private actor GradeBuffer {
  /// Events of one transaction; more would hold the writer from others.
  private static let capacity = 256

  private var events: [GradeEvent] = []
  private var isFinished = false
  private var taker: CheckedContinuation<Void, Never>?
  private var putter: CheckedContinuation<Void, Never>?

  /// Suspends while the buffer is full.
  func put(_ event: GradeEvent) async {
    events.append(event)
    resume(&taker)
    if events.count >= Self.capacity, !isFinished { await withCheckedContinuation { putter = $0 } }
  }

  /// Everything gathered, in order; empty once the stream has ended and all was taken.
  func take() async -> [GradeEvent] {
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
