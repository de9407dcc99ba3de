import GRPCCore
import NIOCore
import SwiftProtobuf

/// The messages a client streams, decoded as the handler takes them.
struct ServerMessages<Element: SwiftProtobuf.Message>: AsyncSequence, Sendable {
  typealias Failure = any Error

  let inbox: MessageInbox

  func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }

  struct Iterator: AsyncIteratorProtocol {
    let inbox: MessageInbox

    mutating func next() async throws -> Element? { try await next(isolation: nil) }

    mutating func next(isolation: isolated (any Actor)?) async throws(any Error) -> Element? {
      guard let body = try await inbox.next() else { return nil }
      do {
        return try Element(serializedBytes: body.readableBytesSpan)
      } catch {
        throw RPCError.undecodableRequest
      }
    }
  }
}

/// Sends a handler's messages, as fast as the client grants credit and reads.
struct ServerMessageWriter<Element: SwiftProtobuf.Message>: RPCWriterProtocol {
  let call: ServerCall
  let gate: CreditGate

  func write(_ element: Element) async throws {
    let bytes: [UInt8] = try element.serializedBytes()
    try call.connection.checkMessageSize(bytes.count)
    try await gate.acquire(MessageInbox.cost(bytes.count))
    call.connection.send(.message(call, bytes))
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    for element in elements { try await write(element) }
  }
}
