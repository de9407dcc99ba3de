public import NIOCore
import Synchronization

/// Runs Swift tasks on an event loop. A handler or a caller that prefers it never leaves the loop's thread: its calls to
/// a connection of that loop and the answers to them cost no hop.
public final class LoopExecutor: TaskExecutor, @unchecked Sendable {
  /// Jobs run in one go before sockets get their turn again.
  private static let maximumJobsPerDrain = 512

  /// The loop that runs the jobs.
  public let eventLoop: any EventLoop
  // Confined to the loop.
  private var local = CircularBuffer<UnownedJob>()
  private var drainScheduled = false
  private var draining = false
  private var dirty: [PlainConnection] = []
  // From other threads.
  private let remote = Mutex<[UnownedJob]>([])

  private init(_ loop: any EventLoop) { eventLoop = loop }

  private static let registry = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

  /// The one executor of a loop.
  public static func of(_ loop: any EventLoop) -> LoopExecutor {
    registry.withLock { executors in
      let key = ObjectIdentifier(loop)
      if let known = executors[key] { return known }
      let executor = LoopExecutor(loop)
      executors[key] = executor
      return executor
    }
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if eventLoop.inEventLoop {
      local.append(job)
      if !drainScheduled && !draining {
        drainScheduled = true
        eventLoop.execute { self.scheduledDrain() }
      }
    } else {
      let wasEmpty = remote.withLock { jobs in
        jobs.append(job)
        return jobs.count == 1
      }
      if wasEmpty { eventLoop.execute { self.drain() } }
    }
  }

  private func scheduledDrain() {
    drainScheduled = false
    drain()
  }

  /// Runs what is queued, then flushes the connections that were written to.
  func drain() {
    if draining { return }
    draining = true
    takeRemote()
    var left = Self.maximumJobsPerDrain
    while left > 0, let job = local.popFirst() {
      job.runSynchronously(on: asUnownedTaskExecutor())
      left -= 1
      if local.isEmpty { takeRemote() }
    }
    draining = false
    if !local.isEmpty && !drainScheduled {
      drainScheduled = true
      eventLoop.execute { self.scheduledDrain() }
    }
    flushDirty()
  }

  private func takeRemote() {
    let jobs = remote.withLock { jobs in
      if jobs.isEmpty { return [UnownedJob]() }
      defer { jobs.removeAll(keepingCapacity: true) }
      return jobs
    }
    local.append(contentsOf: jobs)
  }

  /// On the loop: has `connection` flushed after the current drain.
  /// - Returns: false when no drain is under way; the connection then schedules its own flush.
  func flushAfterDrain(_ connection: PlainConnection) -> Bool {
    if !draining { return false }
    dirty.append(connection)
    return true
  }

  private func flushDirty() {
    if dirty.isEmpty { return }
    let connections = dirty
    dirty.removeAll(keepingCapacity: true)
    for connection in connections { connection.flushScheduled() }
  }
}
