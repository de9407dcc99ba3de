package import Protos
internal import Synchronization

/// Whether the services of this process take calls; what `grpc.health.v1` answers from. One switch for all: a process is
/// ready as a whole or not at all.
package final class HealthBoard: Sendable {
  package typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  private struct State {
    var isServing = false
    var nextID = 0
    var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
  }

  /// Full names of the services, and the empty name for the whole server.
  package let services: [String]
  private let state = Mutex(State())

  package init(services: [String]) {
    self.services = [""] + services.sorted()
  }

  package var isServing: Bool { state.withLock { $0.isServing } }

  package func set(serving: Bool) {
    let watchers = state.withLock { state -> [AsyncStream<Bool>.Continuation] in
      guard state.isServing != serving else { return [] }
      state.isServing = serving
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.yield(serving) }
  }

  /// `nil` for a service that the server does not have.
  func status(of service: String) -> Status? {
    guard services.contains(service) else { return nil }
    return isServing ? .serving : .notServing
  }

  /// The present value and then every change; a slow reader sees the latest one.
  func changes() -> AsyncStream<Bool> {
    let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextID += 1
      state.watchers[state.nextID] = continuation
      continuation.yield(state.isServing)
      return state.nextID
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.watchers.removeValue(forKey: id) }
    }
    return stream
  }
}
