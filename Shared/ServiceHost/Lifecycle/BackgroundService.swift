internal import Logging
internal import ServiceLifecycle

/// Runs a service's background tasks until the drain: cancels them then, or lets them finish what they serve, and waits for their
/// end.
struct BackgroundService: Service {
  let tasks: [BackgroundTask]
  let logger: Logger

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in tasks {
        group.addTask {
          switch task.drain {
          case .cancel: try await cancelWhenGracefulShutdown { try await attempt(task) }
          case .finish: try await attempt(task)
          }
        }
      }
      // Unlike waitForAll, this ends with the first failure and cancels the rest.
      for try await _ in group {}
    }
    // The group of services takes an early end for a failure, so stay until the drain.
    try? await gracefulShutdown()
  }

  private func attempt(_ task: BackgroundTask) async throws {
    do {
      try await task.run()
    } catch {
      if Task.isCancelled || error is CancellationError { return }
      logger.critical("background task failed", metadata: ["task": "\(task.name)", "cause": "\(error)"])
      throw ServiceHostError(.failure, "background task \"\(task.name)\" failed: \(error)")
    }
  }
}
