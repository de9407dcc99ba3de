import GRPCCore
import Kernel
import Protos
import SwiftProtobuf

@testable import RPCEdge

/// The health service behind an edge: a real RPC whose every error comes from the edge.
struct Guarded: Grpc_Health_V1_Health.ServiceProtocol {
  let edge: Edge

  func check(
    request: ServerRequest<Grpc_Health_V1_HealthCheckRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Health_V1_HealthCheckResponse> {
    try await edge.unary(request, context) { message, call in try await Self.answer(message, call) }
  }

  @inline(never)
  private static func answer(
    _ message: Grpc_Health_V1_HealthCheckRequest, _ call: CallInfo
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    if message.service == "cancel" { await untilCancelled(call) }
    try call.checkCancellation()
    if message.service == "serving" { return .init() }
    throw DomainError(
      .limitExceeded, "限额 exceeded for \(call.caller.organisation)", field: "service", metadata: ["limit": "5"])
  }

  @inline(never)
  private static func untilCancelled(_ call: CallInfo) async {
    while !call.isCancelled { await Task.yield() }
  }

  static let list = Grpc_Health_V1_HealthListResponse.with { $0.statuses = ["huirong": .with { $0.status = .serving }] }

  func list(
    request: ServerRequest<Grpc_Health_V1_HealthListRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Health_V1_HealthListResponse> {
    try await edge.unaryEncoded(request, context) { _, _ in try Self.list.serializedBytes() }
  }

  func watch(
    request: ServerRequest<Grpc_Health_V1_HealthCheckRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Health_V1_HealthCheckResponse> {
    try await edge.serverStream(request, context) { _, _, writer in
      try await writer.write(.init())
      throw DomainError(.sequenceNotAvailable, "gone")
    }
  }

  static func make() throws -> Guarded {
    let fixture = try EdgeFixture()
    return Guarded(
      edge: try Edge(
        methods: Grpc_Health_V1_Health.Method.descriptors,
        access: AccessTable(
          service: "grpc.health.v1.Health", ["Check": .everyone, "List": .everyone, "Watch": .everyone]),
        authenticator: DevelopmentAuthenticator(), metrics: fixture.metrics, logger: fixture.edge.logger,
        clock: { EdgeFixture.now }))
  }
}
