internal import GRPCCore
internal import Kernel

/// A stream's producer runs in a task that nobody cancels; this makes the call's own cancellation, and the drain, cancel
/// it.
enum StreamScope {
  private enum End { case finished, cancelled, draining }

  /// - Parameter drain: `nil` for a stream that ends by itself and may finish while the process drains.
  /// - Throws: what the body throws; `CancellationError`; `SHUTTING_DOWN`.
  static func run(
    _ cancellation: ServerContext.RPCCancellationHandle, _ drain: DrainSignal?,
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: End.self) { group in
      group.addTask {
        try await body()
        return .finished
      }
      group.addTask {
        try await cancellation.cancelled
        return .cancelled
      }
      if let drain {
        group.addTask {
          try await drain.wait()
          return .draining
        }
      }
      defer { group.cancelAll() }
      switch try await group.next() {
      case .finished, nil: return
      case .cancelled: throw CancellationError()
      case .draining: throw DomainError(.shuttingDown, "the process is shutting down; call again elsewhere or later")
      }
    }
  }
}
