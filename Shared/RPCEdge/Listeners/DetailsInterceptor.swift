internal import GRPCCore
internal import Kernel

/// Errors that arise before a handler is reached (a message that does not parse) get the details that every error of the
/// suite has.
struct DetailsInterceptor: ServerInterceptor {
  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next:
      @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    do {
      var response = try await next(request, context)
      if case .failure(let error) = response.accepted { response.accepted = .failure(Self.detailed(error)) }
      return response
    } catch let error as RPCError {
      throw Self.detailed(error)
    }
  }

  private static func detailed(_ error: RPCError) -> RPCError {
    if error.carriesDetails { return error }
    switch error.code {
    case .invalidArgument, .internalError:
      return DomainError(.invalidArgument, "the request does not parse as the method's message").rpcError
    case .resourceExhausted:
      return DomainError(.messageTooLarge, "the request is larger than this server takes").rpcError
    case .unimplemented: return DomainError(.methodNotFound, "no such method").rpcError
    case .cancelled: return DomainError(.cancelled, "the call was cancelled").rpcError
    case .deadlineExceeded: return DomainError.pastDeadline.rpcError
    default: return error
    }
  }
}
