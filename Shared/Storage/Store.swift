import GRDB
public import Kernel

/// One service's store: a single file with one writer that commits in groups, readers on snapshots, exactly-once
/// commands and an event log that others follow.
///
/// Writes are acknowledged only after the COMMIT that holds them has reached the disk. Nothing here runs on the
/// cooperative pool: a call hands its closure to a thread of the store and suspends.
///
/// Cancellation: a task that is cancelled before its command is queued gets `CANCELLED` and nothing happens. Once
/// queued, a command is decided and committed like any other and its caller gets the result, cancelled or not, so that
/// nobody is left believing that an effect did not happen.
public final class Store: Sendable {
  /// Name of the hash chain that links the event log.
  public static let eventChain = "events"

  let parts: StoreParts

  init(_ parts: StoreParts) { self.parts = parts }

  deinit { parts.close() }

  /// Stops taking work, finishes what is queued, empties the write-ahead log into the file and releases it.
  ///
  /// Watchers end with `SHUTTING_DOWN`, as does every later call.
  public func close() async {
    parts.close()
    await parts.threads.wait()
  }

  /// The file this store keeps.
  public var path: String { parts.configuration.path }

  public var statistics: StoreStatistics {
    var snapshot = parts.statistics.snapshot()
    snapshot.queuedWrites = Int64(parts.queue.count)
    snapshot.queuedReads = Int64(parts.readers.count)
    snapshot.eventHead = parts.hub.head
    snapshot.waitingWatchers = Int64(parts.hub.waitingCount)
    return snapshot
  }

  // MARK: Reading

  /// Runs `body` on a snapshot that holds every write answered before the call; it never waits for the writer.
  /// - Throws: whatever `body` throws; `OVERLOADED`, `SHUTTING_DOWN`, `UNAVAILABLE`.
  public func read<R: Sendable>(_ body: @escaping @Sendable (ReadSession) throws -> R) async throws -> R {
    try await parts.read(body)
  }

  // MARK: Writing

  /// Runs `body` in a commit group and returns after the group's COMMIT. If `body` throws, its effects are undone and nobody
  /// else's. It may run twice, when a command of its group fails: it must have no effect but on the session.
  /// - Parameter now: the time the call carries, the default commit time of events that `body` appends.
  /// - Throws: whatever `body` throws; `DISK_FULL`, `OVERLOADED`, `SHUTTING_DOWN`, `UNAVAILABLE`, `CANCELLED`.
  @discardableResult
  public func write<R: Sendable>(
    at now: Instant? = nil, _ body: @escaping @Sendable (WriteSession) throws -> R
  ) async throws -> R {
    try requireNotCancelled()
    return try await withUnsafeThrowingContinuation { continuation in
      add(BodyJob(continuation, now: now, body: body))
    }
  }

  /// Carries out `decide` at most once per caller organisation and request id, in one transaction with the record of its
  /// outcome. Like the body of `write` it may run twice for one effect.
  ///
  /// The first call answers `.fresh`; every later call with the same key, method and body answers `.replayed` with the
  /// bytes `encode` made, without running `decide`. A `DomainError` thrown by `decide` undoes its effects, is stored and
  /// thrown again on every replay, unless its kind says that the same request may succeed later (`exhausted`,
  /// `deadline`, `cancelled`, `unavailable`, `unauthenticated`, `unimplemented`, `internal`, `dataLoss`). Any other
  /// error undoes the effects and stores nothing.
  /// - Throws: the rejection; `REQUEST_ID_REUSED` naming what differs; `DISK_FULL`, `OVERLOADED`, `SHUTTING_DOWN`,
  ///   `UNAVAILABLE`, `CANCELLED`.
  @discardableResult
  public func command<Outcome: Sendable>(
    _ envelope: CommandEnvelope, encode: @escaping @Sendable (Outcome) throws -> [UInt8],
    decide: @escaping @Sendable (WriteSession) throws -> Outcome
  ) async throws -> CommandReply<Outcome> {
    try requireNotCancelled()
    guard envelope.requestHash.count == 32 else {
      throw StorageError(.misuse, "a request hash is a SHA-256 of 32 bytes, not \(envelope.requestHash.count)")
    }
    return try await withUnsafeThrowingContinuation { continuation in
      add(CommandJob(continuation, envelope, encode: encode, decision: decide))
    }
  }

  private func requireNotCancelled() throws {
    if Task.isCancelled { throw DomainError(.cancelled, "the call was cancelled before its command was queued") }
  }

  private func add(_ job: WriteJob) {
    if let refusal = parts.queue.add(job) { job.fail(refusal) }
  }

  // MARK: Events

  /// Events after `sequence` in order, at most `limit`; fewer when their payloads are large. Empty at the head.
  /// - Parameter limit: 1 to 10 000.
  /// - Throws: `SEQUENCE_NOT_AVAILABLE` when they are no longer kept; `INVALID_ARGUMENT`.
  public func events(after sequence: Int64, limit: Int) async throws -> [StoredEvent] {
    guard (1...Self.maximumEventLimit).contains(limit) else {
      throw DomainError.invalid("limit", "a page holds 1 to \(Self.maximumEventLimit) events, not \(limit)")
    }
    try EventLog.requireRetained(sequence, anchor: parts.hub.anchor)
    return try await read { session in
      try EventLog.page(after: sequence, limit: limit, maximumWeight: Self.maximumEventPageBytes, in: session)
    }
  }

  static let maximumEventLimit = 10_000
  /// A page of events ends here even when the limit allows more, so that one answer stays a bounded message.
  static let maximumEventPageBytes = 2 << 20

  /// Follows the event log from after `sequence`; a sequence beyond the head waits until it is passed.
  public func watch(after sequence: Int64) -> EventStream { EventStream(parts: parts, start: sequence) }

  /// Sequence of the last committed event; 0 when there is none.
  public var eventHead: Int64 { parts.hub.head }
}
