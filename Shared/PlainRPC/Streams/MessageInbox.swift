import NIOCore
import Synchronization

/// Messages of one stream between the connection that receives them and the one task that consumes them. The peer's
/// credit bounds what lies here.
final class MessageInbox: @unchecked Sendable {
  private struct State {
    var messages = CircularBuffer<ByteBuffer>()
    var waiter: UnsafeContinuation<ByteBuffer?, any Error>?
    var ended = false
    var failure: (any Error)?
    /// Consumed, but not yet granted back to the peer.
    var consumed = 0
    /// Received, but not yet consumed.
    var buffered = 0
  }

  /// What the inboxes of one connection hold together.
  final class Total: Sendable {
    private let bytes = Atomic<Int>(0)
    var value: Int { bytes.load(ordering: .relaxed) }
    fileprivate func add(_ count: Int) { bytes.wrappingAdd(count, ordering: .relaxed) }
  }

  private let state = Mutex(State())
  /// Credit is granted back in pieces of this size, so that a stream of small messages does not cost a frame for each.
  private let grantThreshold: Int
  /// Called with the bytes to grant, on the consumer's thread.
  private let grant: @Sendable (Int) -> Void
  private let total: Total

  init(window: Int, total: Total, grant: @escaping @Sendable (Int) -> Void) {
    grantThreshold = window / 2
    self.grant = grant
    self.total = total
  }

  deinit { total.add(-state.withLock(\.buffered)) }

  static func cost(_ body: Int) -> Int { body + PlainLimits.messageOverheadBytes }

  /// Adds a message; one that comes after the end is dropped.
  func push(_ message: ByteBuffer) {
    let waiter = state.withLock { state -> UnsafeContinuation<ByteBuffer?, any Error>? in
      if state.ended { return nil }
      if let waiter = state.waiter {
        state.waiter = nil
        state.consumed += Self.cost(message.readableBytes)
        return waiter
      }
      state.messages.append(message)
      state.buffered += Self.cost(message.readableBytes)
      total.add(Self.cost(message.readableBytes))
      return nil
    }
    waiter?.resume(returning: message)
  }

  /// No more messages come. With an error, those that wait are dropped.
  func finish(throwing error: (any Error)? = nil) {
    let waiter = state.withLock { state -> UnsafeContinuation<ByteBuffer?, any Error>? in
      if state.ended { return nil }
      state.ended = true
      state.failure = error
      if error != nil {
        state.messages.removeAll()
        total.add(-state.buffered)
        state.buffered = 0
      }
      defer { state.waiter = nil }
      return state.waiter
    }
    if let error { waiter?.resume(throwing: error) } else { waiter?.resume(returning: nil) }
  }

  private enum Next {
    case message(ByteBuffer?)
    case failed(any Error)
    case wait
  }

  private func take(_ state: inout State) -> Next {
    if let message = state.messages.popFirst() {
      let cost = Self.cost(message.readableBytes)
      state.buffered -= cost
      total.add(-cost)
      state.consumed += cost
      return .message(message)
    }
    if let failure = state.failure { return .failed(failure) }
    return state.ended ? .message(nil) : .wait
  }

  /// The next message, or `nil` at the end. One consumer at a time.
  func next() async throws -> ByteBuffer? {
    grantConsumed()
    switch state.withLock({ take(&$0) }) {
    case .message(let message): return message
    case .failed(let error): throw error
    case .wait: return try await wait()
    }
  }

  private func wait() async throws -> ByteBuffer? {
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let result = state.withLock { state -> Next in
          if Task.isCancelled { return .failed(CancellationError()) }
          let next = take(&state)
          if case .wait = next {
            if state.waiter != nil { return .failed(ConcurrentConsumers()) }
            state.waiter = continuation
          }
          return next
        }
        switch result {
        case .message(let message): continuation.resume(returning: message)
        case .failed(let error): continuation.resume(throwing: error)
        case .wait: break
        }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(throwing: CancellationError())
    }
  }

  private func grantConsumed() {
    let bytes = state.withLock { state -> Int in
      if state.consumed < grantThreshold || state.ended { return 0 }
      defer { state.consumed = 0 }
      return state.consumed
    }
    if bytes > 0 { grant(bytes) }
  }

  /// Two tasks read one stream at the same time.
  struct ConcurrentConsumers: Error {}
}
