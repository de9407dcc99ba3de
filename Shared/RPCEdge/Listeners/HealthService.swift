package import GRPCCore
internal import Kernel
package import Protos
internal import SwiftProtobuf

/// The standard `grpc.health.v1.Health` over a `HealthBoard`. It asks for no credentials: a load balancer has none.
package struct HealthService: Grpc_Health_V1_Health.ServiceProtocol {
  private let board: HealthBoard
  private let drain: DrainSignal

  package init(_ board: HealthBoard, drain: DrainSignal) {
    self.board = board
    self.drain = drain
  }

  package func check(
    request: ServerRequest<Grpc_Health_V1_HealthCheckRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Health_V1_HealthCheckResponse> {
    guard let status = board.status(of: request.message.service) else {
      throw DomainError.notFound("service \(request.message.service.prefix(128))").rpcError
    }
    return ServerResponse(message: .with { $0.status = status })
  }

  package func list(
    request: ServerRequest<Grpc_Health_V1_HealthListRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Health_V1_HealthListResponse> {
    var response = Grpc_Health_V1_HealthListResponse()
    for service in board.services {
      response.statuses[service] = .with { $0.status = board.status(of: service) ?? .unknown }
    }
    return ServerResponse(message: response)
  }

  package func watch(
    request: ServerRequest<Grpc_Health_V1_HealthCheckRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Health_V1_HealthCheckResponse> {
    let (board, drain, service) = (board, drain, request.message.service)
    return StreamingServerResponse { writer in
      do {
        try await StreamScope.run(context.cancellation, drain) {
          for await isServing in board.changes() {
            let status: HealthBoard.Status =
              board.services.contains(service) ? (isServing ? .serving : .notServing) : .serviceUnknown
            try await writer.write(.with { $0.status = status })
          }
        }
        return [:]
      } catch {
        throw (error as? DomainError)?.rpcError ?? DomainError(.cancelled, "the call was cancelled").rpcError
      }
    }
  }
}
