internal import Logging
internal import ServiceLifecycle

/// Runs a service's background tasks; the drain cancels them and waits for their end.
struct BackgroundService: Service {
  let tasks: [BackgroundTask]
  let logger: Logger

  func run() async throws {
    let (tasks, logger) = (tasks, logger)
    try await cancelWhenGracefulShutdown {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in tasks {
          group.addTask {
            do {
              try await task.run()
            } catch {
              if Task.isCancelled || error is CancellationError { return }
              logger.critical("background task failed", metadata: ["task": "\(task.name)", "cause": "\(error)"])
              throw ServiceHostError(.failure, "background task \"\(task.name)\" failed: \(error)")
            }
          }
        }
        // Unlike waitForAll, this ends with the first failure and cancels the rest.
        for try await _ in group {}
      }
      // The group of services takes an early end for a failure, so stay until the drain.
      try? await gracefulShutdown()
    }
  }
}
