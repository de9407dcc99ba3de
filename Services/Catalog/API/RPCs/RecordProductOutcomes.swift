import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  package func recordProductOutcomes(
    request: ServerRequest<Huirong_Catalog_V1_RecordProductOutcomesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_RecordProductOutcomesResponse> {
    try await edge.command(request, context, encode: Self.recorded) { message, call -> CommandReply<Int> in
      try Require.count(message.outcomes.count, minimum: 1, maximum: CatalogLimits.importRows, "outcomes")
      let outcomes = try Reading.each(message.outcomes, "outcomes") { outcome, path throws(DomainError) in
        ProductOutcome(
          product: try Reading.product(outcome.product, "\(path).product"), applications: outcome.applications,
          granted: outcome.granted)
      }
      return await settle(
        try await repository.recordOutcomes(outcomes, envelope: call.envelope, encode: call.encode))
    }
  }

  @Sendable private static func recorded(_ count: Int) -> Huirong_Catalog_V1_RecordProductOutcomesResponse {
    .with { $0.recorded = Int32(clamping: count) }
  }
}
