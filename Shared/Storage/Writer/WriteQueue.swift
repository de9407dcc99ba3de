import Kernel

/// Commands on their way to the writer, in the order in which they were asked for.
final class WriteQueue: Sendable {
  private struct State {
    var waiting: [WriteJob] = []
    var writerSleeps = false
    var isClosed = false
    /// Set once the store has stopped; every later command gets it.
    var failure: DomainError?
  }

  private let monitor = Monitor(State())
  private let maximum: Int

  init(maximum: Int) { self.maximum = maximum }

  /// - Returns: why the job is not taken, or `nil` when it is.
  func add(_ job: WriteJob) -> DomainError? {
    let (refusal, wakes): (DomainError?, Bool) = monitor.withLock { state in
      if let failure = state.failure { return (failure, false) }
      if state.isClosed { return (DomainError(.shuttingDown, "the store is closing"), false) }
      if state.waiting.count >= maximum {
        return (DomainError(.overloaded, "\(maximum) commands are already waiting for the store"), false)
      }
      state.waiting.append(job)
      defer { state.writerSleeps = false }
      return (nil, state.writerSleeps)
    }
    if wakes { monitor.signal() }
    return refusal
  }

  /// Sleeps until there is work; `nil` once the queue is closed and empty.
  func take(upTo limit: Int) -> [WriteJob]? {
    let taken: [WriteJob] = monitor.wait { state in
      if !state.waiting.isEmpty { return Self.cut(&state, limit) }
      if state.isClosed { return [] }
      state.writerSleeps = true
      return nil
    }
    return taken.isEmpty ? nil : taken
  }

  /// What arrived meanwhile, without sleeping.
  func takeMore(upTo limit: Int) -> [WriteJob] {
    monitor.withLock { state in Self.cut(&state, limit) }
  }

  var count: Int { monitor.withLock { $0.waiting.count } }

  func close() {
    monitor.withLock { $0.isClosed = true }
    monitor.broadcast()
  }

  /// Refuses everything from now on.
  /// - Returns: what was still waiting.
  func stop(_ failure: DomainError) -> [WriteJob] {
    monitor.withLock { state in
      state.failure = failure
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
  }

  private static func cut(_ state: inout State, _ limit: Int) -> [WriteJob] {
    if state.waiting.count <= limit {
      var all: [WriteJob] = []
      swap(&all, &state.waiting)
      return all
    }
    let first = Array(state.waiting.prefix(limit))
    state.waiting.removeFirst(limit)
    return first
  }
}
