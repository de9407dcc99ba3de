import Testing

/// Runs the tests of all suites that carry it one after the other. They share two cores, real sockets and timeouts that
/// tests set short: a neighbour that computes would make them fail for no reason of theirs.
struct OneAtATime: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // A suite, or a test before it is split into its cases.
    guard testCase != nil else { return try await function() }
    await Turn.shared.take()
    do {
      try await function()
      await Turn.shared.give()
    } catch {
      await Turn.shared.give()
      throw error
    }
  }

  private actor Turn {
    static let shared = Turn()

    private var isTaken = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    func take() async {
      if isTaken {
        await withCheckedContinuation { queue.append($0) }
      } else {
        isTaken = true
      }
    }

    func give() {
      if queue.isEmpty { isTaken = false } else { queue.removeFirst().resume() }
    }
  }
}

extension Trait where Self == OneAtATime {
  static var oneAtATime: OneAtATime { OneAtATime() }
}
