import Dispatch
import Kernel
import Logging
import Synchronization

/// What the store's threads share. It does not know the `Store`, so that letting go of a store ends its threads.
final class StoreParts: Sendable {
  let configuration: StoreConfiguration
  let queue: WriteQueue
  let readers: ReaderPool
  let hub: EventHub
  let catchUpCache: CatchUpCache
  let statistics = StatisticsRecorder()
  let log: StoreLog
  let threads = ThreadGroup()
  /// Readers whose connection is open.
  let openReaders = DispatchGroup()
  private let hasStopped = Mutex(false)

  init(_ configuration: StoreConfiguration, events: ChainRecord) {
    self.configuration = configuration
    queue = WriteQueue(maximum: configuration.maximumQueuedWrites)
    readers = ReaderPool(maximum: configuration.maximumQueuedReads)
    hub = EventHub(
      head: events.head.sequence, anchor: events.anchor.sequence, maximumWeight: configuration.recentEventBytes)
    catchUpCache = CatchUpCache(maximumWeight: configuration.recentEventBytes)
    log = StoreLog(configuration)
  }

  /// What every call gets once the store has stopped.
  static let stopped = DomainError(
    .unavailable,
    "the store has stopped after an I/O error; whether a command that was under way took effect is unknown")

  /// Stops the store: the failure handler first, which ends the process unless a test watches, then every caller.
  func stop(operation: String, _ error: StorageError) {
    let isFirst = hasStopped.withLock { stopped in
      defer { stopped = true }
      return !stopped
    }
    if isFirst {
      statistics.recordStop()
      configuration.onFailure(StoreFailure(operation: operation, path: configuration.path, error: error))
    }
    for job in queue.stop(Self.stopped) { job.fail(Self.stopped) }
    for job in readers.stop(Self.stopped) { job.fail(Self.stopped) }
    hub.close(Self.stopped)
  }

  /// Refuses new work; the threads finish what is queued and end.
  func close() {
    queue.close()
    readers.close()
    hub.close(DomainError(.shuttingDown, "the store is closing"))
  }

  // MARK: Reading

  func read<R: Sendable>(_ body: @escaping @Sendable (ReadSession) throws -> R) async throws -> R {
    try await withUnsafeThrowingContinuation { continuation in
      let job = BodyReadJob(continuation, body)
      if let refusal = readers.add(job) { job.fail(refusal) }
    }
  }

  /// A page of stored events that holds the one after `position`; `nil` when there is none after all.
  func catchUp(after position: Int64) async throws -> EventPage? {
    if let shared = catchUpCache.page(after: position) { return shared }
    let size = StoreConfiguration.eventPageSize
    let base = max(position / Int64(size) * Int64(size), hub.anchor)
    let page = EventPage(try await readPage(after: base))
    if page.last > position && page.first <= position + 1 {
      if page.last < hub.head { catchUpCache.keep(page) }
      return page
    }
    let exact = EventPage(try await readPage(after: position))
    return exact.events.isEmpty ? nil : exact
  }

  private func readPage(after base: Int64) async throws -> [StoredEvent] {
    try await read { session in
      try EventLog.page(
        after: base, limit: StoreConfiguration.eventPageSize, maximumWeight: StoreConfiguration.eventPageBytes,
        in: session)
    }
  }
}

/// Counts the store's threads down, for `close`.
final class ThreadGroup: Sendable {
  private struct State {
    var running = 0
    var waiters: [UnsafeContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.running += 1 }
    OSThread.start(name) {
      body()
      self.finished()
    }
  }

  private func finished() {
    let waiters = state.withLock { state in
      state.running -= 1
      if state.running > 0 { return [UnsafeContinuation<Void, Never>]() }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withUnsafeContinuation { continuation in
      let isDone = state.withLock { state in
        if state.running == 0 { return true }
        state.waiters.append(continuation)
        return false
      }
      if isDone { continuation.resume() }
    }
  }
}
