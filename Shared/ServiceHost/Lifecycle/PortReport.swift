internal import RPCEdge
internal import Synchronization

/// Collects the ports that listeners are bound to, until all of them are.
final class PortReport: Sendable {
  private let expected: Set<String>
  private let ports = Mutex<[String: Int]>([:])
  private let complete = DrainSignal()

  init(expecting listeners: [String]) {
    expected = Set(listeners)
    if expected.isEmpty { complete.begin() }
  }

  func report(_ port: Int, of listener: String) {
    let isComplete = ports.withLock { ports in
      ports[listener] = port
      return expected.isSubset(of: ports.keys)
    }
    if isComplete { complete.begin() }
  }

  /// Every port by listener, once all are known.
  /// - Throws: `CancellationError`.
  func all() async throws -> [String: Int] {
    try await complete.wait()
    return ports.withLock { $0 }
  }
}
