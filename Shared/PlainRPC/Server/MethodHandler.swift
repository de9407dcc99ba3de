import GRPCCore
import NIOCore
import SwiftProtobuf

/// What a call opens with.
struct CallOpening {
  let frame: Frame
  let metadata: Metadata
  let context: ServerContext
}

/// The typed end of a method, erased so that one table holds them all.
class MethodHandler: @unchecked Sendable {
  /// Starts the handler of a call whose OPEN has been read, on the connection's event loop.
  func start(_ call: ServerCall, _ opening: CallOpening) {}
}

/// One request, one response: the handler starts on the spot, and one that does not suspend answers in the same tick.
final class UnaryHandler<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: MethodHandler,
  @unchecked Sendable
{
  typealias Body = @Sendable (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>

  private let body: Body

  init(_ body: @escaping Body) { self.body = body }

  override func start(_ call: ServerCall, _ opening: CallOpening) {
    let message: Request
    do {
      message = try Request(serializedBytes: opening.frame.body.readableBytesSpan)
    } catch {
      return call.connection.refuse(call, .undecodableRequest)
    }
    let request = ServerRequest(metadata: opening.metadata, message: message)
    let context = opening.context
    call.connection.run(call) { [body] in
      let outcome: CallOutcome
      do {
        let response = try await body(request, context)
        outcome = CallOutcome(response, encoded: call.encodedAnswer)
      } catch {
        outcome = CallOutcome(error)
      }
      call.connection.complete(call, outcome)
    }
  }
}

/// All other kinds; GRPCCore expresses them as stream in, stream out.
final class StreamingHandler<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: MethodHandler,
  @unchecked Sendable
{
  typealias Body =
    @Sendable (StreamingServerRequest<Request>, ServerContext) async throws ->
    StreamingServerResponse<Response>

  private let body: Body

  init(_ body: @escaping Body) { self.body = body }

  override func start(_ call: ServerCall, _ opening: CallOpening) {
    guard let streaming = call.streaming else { return }
    let request = StreamingServerRequest<Request>(
      metadata: opening.metadata, messages: RPCAsyncSequence(wrapping: ServerMessages<Request>(inbox: streaming.inbox)))
    call.connection.run(call) { [body] in
      let outcome = await withServerContextRPCCancellationHandle { handle in
        // Two handles, because the context of the call is there before this task is: one follows the other.
        await Self.run(body, request, call, streaming, opening.context, handle)
      }
      call.connection.complete(call, outcome)
    }
  }

  private static func run(
    _ body: Body, _ request: StreamingServerRequest<Request>, _ call: ServerCall, _ streaming: ServerStream,
    _ context: ServerContext, _ handle: ServerContext.RPCCancellationHandle
  ) async -> CallOutcome {
    await withTaskCancellationHandler {
      do {
        let response = try await body(request, context)
        switch response.accepted {
        case .failure(let error): return CallOutcome(error)
        case .success(let contents):
          let writer = ServerMessageWriter<Response>(call: call, gate: streaming.gate)
          if !contents.metadata.isEmpty { call.connection.send(.metadata(call, contents.metadata)) }
          return CallOutcome(trailing: try await contents.producer(RPCWriter(wrapping: writer)))
        }
      } catch {
        return CallOutcome(error)
      }
    } onCancel: {
      handle.cancel()
    }
  }
}
