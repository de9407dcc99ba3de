import NIOCore
import Synchronization

/// Holds a stream's writers back until the peer has credit for them and the connection can be written to.
final class CreditGate: @unchecked Sendable {
  private struct Waiter {
    let id: UInt64
    let cost: Int
    let continuation: UnsafeContinuation<Void, any Error>
  }

  private struct State {
    var credit: Int
    var writable = true
    var failure: (any Error)?
    var waiters = CircularBuffer<Waiter>()
    var nextID: UInt64 = 0

    var isOpen: Bool { credit > 0 && writable }
  }

  private let state: Mutex<State>

  init(credit: Int) { state = Mutex(State(credit: credit)) }

  /// Pays for one message. Credit may go below zero, so that one message larger than the window can be sent.
  /// - Throws: what closed the gate, or `CancellationError`.
  func acquire(_ cost: Int) async throws {
    let passed = try state.withLock { state in
      if let failure = state.failure { throw failure }
      guard state.isOpen && state.waiters.isEmpty else { return false }
      state.credit -= cost
      return true
    }
    if !passed { try await wait(cost) }
  }

  private func wait(_ cost: Int) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<Bool, any Error> in
          if let failure = state.failure { return .failure(failure) }
          if Task.isCancelled { return .failure(CancellationError()) }
          if state.isOpen && state.waiters.isEmpty {
            state.credit -= cost
            return .success(true)
          }
          state.waiters.append(Waiter(id: id, cost: cost, continuation: continuation))
          return .success(false)
        }
        switch result {
        case .success(true): continuation.resume()
        case .success(false): break
        case .failure(let error): continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiters.remove(at: index)
      }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Pays without waiting, for the message that opens a stream.
  func charge(_ cost: Int) { state.withLock { $0.credit -= cost } }

  /// - Returns: false when the sum leaves the range of a credit, which is the peer's fault.
  func grant(_ bytes: Int) -> Bool {
    let (inRange, ready) = state.withLock { state -> (Bool, [Waiter]) in
      state.credit += bytes
      return (state.credit <= Int(Int32.max), Self.release(&state))
    }
    for waiter in ready { waiter.continuation.resume() }
    return inRange
  }

  func setWritable(_ writable: Bool) {
    let ready = state.withLock { state -> [Waiter] in
      state.writable = writable
      return Self.release(&state)
    }
    for waiter in ready { waiter.continuation.resume() }
  }

  /// Everything that waits, and everything that comes later, fails with `error`.
  func close(_ error: any Error) {
    let waiters = state.withLock { state -> CircularBuffer<Waiter> in
      if state.failure == nil { state.failure = error }
      defer { state.waiters.removeAll() }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(throwing: error) }
  }

  private static func release(_ state: inout State) -> [Waiter] {
    var ready: [Waiter] = []
    while state.isOpen, let waiter = state.waiters.popFirst() {
      state.credit -= waiter.cost
      ready.append(waiter)
    }
    return ready
  }
}
