package import EvaluationDomain
package import Kernel
package import Logging
import PlainRPC

/// Follows one source without end: from the stored cursor on, again after every break, each event applied once.
///
/// The cursor lies in the same transaction as the effects, so that a crash between the two cannot be; a replayed event
/// is behind the cursor and a gap stops the batch before it, whereupon following starts again at the cursor.
package actor FeedFollower {
  /// First and longest pause before the next attempt.
  package static let firstPause = Duration.milliseconds(100)
  package static let longestPause = Duration.seconds(5)

  package nonisolated let source: FeedSource
  private let log: any FeedLog
  private let ledger: any FeedLedger
  private let clock: @Sendable () -> Instant
  private let pause: @Sendable (Duration) async throws -> Void
  private let logger: Logger
  private var report: FeedReport
  private var waiters: [Int: (sequence: Int64, continuation: CheckedContinuation<Void, Never>)] = [:]
  private var nextWaiter = 0
  /// Why applying stopped, between the end of a batch and the next attempt.
  private var interruption: (any Error)?

  package init(
    log: any FeedLog, ledger: any FeedLedger, clock: @escaping @Sendable () -> Instant, logger: Logger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.log = log
    source = log.source
    self.ledger = ledger
    self.clock = clock
    self.logger = logger
    self.pause = pause
    report = FeedReport(source: log.source)
  }

  package var status: FeedReport { report }

  /// Runs until the task is cancelled.
  /// - Throws: what the ledger throws: an effect that cannot be stored is not passed over.
  package func run() async throws {
    defer { release() }
    var delay = Self.firstPause
    while !Task.isCancelled {
      let before = report.applied
      do {
        try await followOnce()
        failed("STREAM_ENDED", detail: "the source ended the stream")
      } catch let error as FeedGap {
        failed("SEQUENCE_GAP", detail: "expected \(error.expected)")
      } catch let error as FeedStorageFailure {
        throw error.cause
      } catch is CancellationError {
        break
      } catch {
        failed(Self.name(of: error), detail: "\(error)")
      }
      if Task.isCancelled { break }
      // Progress since the last attempt means the source is there: try again soon.
      delay = report.applied > before ? Self.firstPause : delay
      try? await pause(delay)
      delay = min(delay * 2, Self.longestPause)
    }
  }

  private func followOnce() async throws {
    let cursor = try await storedCursor()
    report.applied = cursor
    report.seen = max(report.seen, cursor)
    let buffer = FeedBuffer()
    let reader = Task { try await self.read(after: cursor, into: buffer) }
    await withTaskCancellationHandler {
      await drain(buffer)
    } onCancel: {
      reader.cancel()
    }
    // Whatever ended the draining ends the reading; its own error says why.
    await buffer.finish()
    reader.cancel()
    let reading = await reader.result
    if let stopped = interruption {
      interruption = nil
      throw stopped
    }
    try reading.get()
  }

  private func read(after cursor: Int64, into buffer: FeedBuffer) async throws {
    do {
      try await log.follow(
        after: cursor, opened: { await self.opened() },
        receive: { event in
          await self.delivered(event.sequence)
          await buffer.put(event)
          try Task.checkCancellation()
        })
    } catch {
      await buffer.finish()
      throw error
    }
    await buffer.finish()
  }

  /// Applies batches until the stream ends or one cannot be applied, which `interruption` then names.
  private func drain(_ buffer: FeedBuffer) async {
    while interruption == nil {
      let batch = await buffer.take()
      if batch.isEmpty { return }
      interruption = await apply(batch)
    }
  }

  private func apply(_ batch: [FeedEvent]) async -> (any Error)? {
    do {
      let outcome = try await ledger.apply(batch, from: log.source, now: clock())
      if outcome.cursor > report.applied {
        report.applied = outcome.cursor
        report.appliedAt = clock()
        report.failedAttempts = 0
        report.lastFailure = ""
      }
      wake()
      return outcome.gap ? FeedGap(expected: outcome.cursor + 1) : nil
    } catch {
      return Self.ownFailure(error)
    }
  }

  private func storedCursor() async throws -> Int64 {
    do { return try await ledger.cursor(log.source) } catch { throw Self.ownFailure(error) }
  }

  /// A failure of our own store is no reason to try the source again; a store that is closing is an end like any other.
  private static func ownFailure(_ error: any Error) -> any Error {
    switch error {
    case is CancellationError: return error
    case let known as DomainError where known.reason == .cancelled || known.reason == .shuttingDown:
      return CancellationError()
    default: return FeedStorageFailure(cause: error)
    }
  }

  private func opened() { report.isConnected = true }

  private func delivered(_ sequence: Int64) { report.seen = max(report.seen, sequence) }

  private func failed(_ name: String, detail: String) {
    report.isConnected = false
    report.failedAttempts += 1
    report.lastFailure = name
    logger.debug("feed interrupted", metadata: ["source": "\(source.rawValue)", "reason": "\(detail)"])
  }

  /// What callers of GetFeedStatus may know of a failure; its text stays in the log.
  private static func name(of error: any Error) -> String {
    switch error {
    case let status as PlainStatus: "\(status.code)"
    case let known as DomainError: known.reason.rawValue
    default: "INTERNAL"
    }
  }

  // MARK: Waiting

  /// Returns once `sequence` is applied, or when the task is cancelled or following ends.
  package func wait(for sequence: Int64) async {
    if report.applied >= sequence || Task.isCancelled { return }
    let id = nextWaiter
    nextWaiter += 1
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { waiters[id] = (sequence, continuation) }
      }
    } onCancel: {
      Task { await self.abandon(id) }
    }
  }

  private func abandon(_ id: Int) { waiters.removeValue(forKey: id)?.continuation.resume() }

  private func wake() {
    for (id, waiter) in waiters where waiter.sequence <= report.applied {
      waiters[id] = nil
      waiter.continuation.resume()
    }
  }

  private func release() {
    for waiter in waiters.values { waiter.continuation.resume() }
    waiters.removeAll()
  }
}

/// Events were missing between two that were delivered.
struct FeedGap: Error {
  let expected: Int64
}

struct FeedStorageFailure: Error {
  let cause: any Error
}

/// The followers of all configured sources, as the API asks for them.
package struct FeedFollowers: FeedMonitor {
  private let followers: [FeedFollower]

  package init(_ followers: [FeedFollower]) {
    self.followers = followers.sorted { $0.source.rawValue < $1.source.rawValue }
  }

  package func reports() async -> [FeedReport] {
    var reports: [FeedReport] = []
    for follower in followers { reports.append(await follower.status) }
    return reports
  }

  package func wait(for source: FeedSource, sequence: Int64) async {
    await followers.first { $0.source == source }?.wait(for: sequence)
  }
}
