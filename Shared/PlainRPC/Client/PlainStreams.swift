public import GRPCCore
public import SwiftProtobuf

/// The responses of a streaming call, for one task to read once. Letting go of the stream before its end cancels the
/// call.
///
/// - Throws: from `next()`, `PlainStatus` when the call fails.
public struct PlainStream<Element: SwiftProtobuf.Message>: AsyncSequence, Sendable {
  public typealias Failure = any Error

  private let handle: StreamHandle

  init(_ handle: StreamHandle) { self.handle = handle }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(handle: handle) }

  /// What the server sent ahead of its messages; complete once the first message is there.
  public var metadata: Metadata { handle.call.initialMetadata }
  /// What the server sent with the end.
  public var trailingMetadata: Metadata { handle.call.trailingMetadata }
  /// Ends the call from this side; `next()` then throws CANCELLED.
  public func cancel() { handle.call.cancel() }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let handle: StreamHandle

    public mutating func next() async throws -> Element? { try await handle.call.next() }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Element? {
      try await handle.call.next()
    }
  }
}

/// Cancels the call when the last holder has let go.
final class StreamHandle: Sendable {
  let call: StreamClientCall
  init(_ call: StreamClientCall) { self.call = call }
  deinit { call.cancel() }
}

/// A call that sends many messages and receives one.
public struct PlainUpload<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: Sendable {
  private let handle: StreamHandle

  init(_ handle: StreamHandle) { self.handle = handle }

  /// Sends a message; waits while the server grants no credit. Once the server has answered, messages are dropped: see
  /// what `finish` returns.
  /// - Throws: `PlainStatus` when the call has failed.
  public func send(_ message: Request) async throws { try await handle.call.send(message) }

  /// Says that no more messages come, and waits for the response.
  /// - Throws: `PlainStatus`.
  public func finish() async throws -> Response {
    try await handle.call.halfClose()
    guard let response: Response = try await handle.call.next() else {
      throw PlainStatus(code: .internalError, message: "\(handle.call.method.fullName) ended without a response")
    }
    // The status comes with or after the response, and may still be a failure.
    if let _: Response = try await handle.call.next() {
      throw PlainStatus(code: .internalError, message: "\(handle.call.method.fullName) answered twice")
    }
    return response
  }

  /// Ends the call from this side.
  public func cancel() { handle.call.cancel() }
}

/// A call in which both sides send many messages, independently of each other.
public struct PlainDuplex<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: Sendable {
  private let handle: StreamHandle
  /// What the server answers.
  public let responses: PlainStream<Response>

  init(_ handle: StreamHandle) {
    self.handle = handle
    responses = PlainStream(handle)
  }

  /// Sends a message; waits while the server grants no credit.
  /// - Throws: `PlainStatus` when the call has failed.
  public func send(_ message: Request) async throws { try await handle.call.send(message) }

  /// Says that no more messages come; responses go on.
  public func finishSending() async throws { try await handle.call.halfClose() }

  /// Ends the call from this side.
  public func cancel() { handle.call.cancel() }
}
