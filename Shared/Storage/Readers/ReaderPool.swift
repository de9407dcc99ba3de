import Kernel

/// Reads on their way to the readers, and the loop of one reader: a thread with a read-only connection of its own.
final class ReaderPool: Sendable {
  private struct State {
    var waiting: [ReadJob] = []
    /// Index of the next job in `waiting`; what lies before it has been taken.
    var next = 0
    var sleepers = 0
    var isClosed = false
    var failure: DomainError?

    var count: Int { waiting.count - next }

    mutating func pop() -> ReadJob? {
      if next == waiting.count { return nil }
      let job = waiting[next]
      next += 1
      if next == waiting.count {
        waiting.removeAll(keepingCapacity: next <= 1024)
        next = 0
      } else if next >= 4096 {
        waiting.removeFirst(next)
        next = 0
      }
      return job
    }
  }

  private let monitor = Monitor(State())
  private let maximum: Int

  init(maximum: Int) { self.maximum = maximum }

  /// - Returns: why the job is not taken, or `nil` when it is.
  func add(_ job: ReadJob) -> DomainError? {
    let (refusal, wakes): (DomainError?, Bool) = monitor.withLock { state in
      if let failure = state.failure { return (failure, false) }
      if state.isClosed { return (DomainError(.shuttingDown, "the store is closing"), false) }
      if state.count >= maximum {
        return (DomainError(.overloaded, "\(maximum) reads are already waiting for the store"), false)
      }
      state.waiting.append(job)
      return (nil, state.sleepers > 0)
    }
    if wakes { monitor.signal() }
    return refusal
  }

  var count: Int { monitor.withLock { $0.count } }

  func close() {
    monitor.withLock { $0.isClosed = true }
    monitor.broadcast()
  }

  /// Refuses everything from now on.
  /// - Returns: what was still waiting.
  func stop(_ failure: DomainError) -> [ReadJob] {
    let waiting = monitor.withLock { state in
      state.failure = failure
      state.isClosed = true
      let rest = Array(state.waiting[state.next...])
      state.waiting = []
      state.next = 0
      return rest
    }
    monitor.broadcast()
    return waiting
  }

  /// One reader; returns when the pool is closed and empty, or the store has stopped.
  func run(_ connection: SQLiteConnection, _ parts: StoreParts) {
    while let job = take() {
      job.run(connection)
      parts.statistics.recordRead()
      if let trouble = connection.takeTrouble(), trouble.isFatal {
        parts.stop(operation: "read", trouble)
        job.fail(StoreParts.stopped)
        return
      }
      job.answer()
    }
  }

  private func take() -> ReadJob? {
    var sleeps = false
    let taken: Taken = monitor.wait { state in
      if sleeps { state.sleepers -= 1 }
      sleeps = false
      if let job = state.pop() { return .job(job) }
      if state.isClosed { return .closed }
      sleeps = true
      state.sleepers += 1
      return nil
    }
    switch taken {
    case .job(let job): return job
    case .closed: return nil
    }
  }

  private enum Taken {
    case job(ReadJob)
    case closed
  }
}
