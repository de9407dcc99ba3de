import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  /// Most rows of one batch: one transaction's worth.
  static let maximumBatchRows = 1000

  package func batchRegisterEnterprises(
    request: ServerRequest<Huirong_Demand_V1_BatchRegisterEnterprisesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_BatchRegisterEnterprisesResponse> {
    try await edge.command(request, context, encode: Self.response) { message, command in
      try Require.count(message.enterprises.count, minimum: 1, maximum: Self.maximumBatchRows, "enterprises")
      _ = try Texts.optional(message.reason, "reason", maximum: Texts.maximumReason)
      let rows = message.enterprises.enumerated().map { index, enterprise in
        Result { () throws(DomainError) in
          try registration(of: enterprise, field: "enterprises[\(index)]", reason: message.reason)
        }
      }
      return try await repository.register(batch: rows, envelope: command.envelope, encode: command.encode)
    }
  }

  @Sendable
  private static func response(_ rows: [RegisteredRow]) -> Huirong_Demand_V1_BatchRegisterEnterprisesResponse {
    .with { response in
      for (index, row) in rows.enumerated() {
        var result = Huirong_Demand_V1_BatchRegisterRow()
        result.index = Int32(truncatingIfNeeded: index)
        switch row {
        case .success(let id):
          result.name = "enterprises/\(id)"
          response.registered += 1
        case .failure(let error):
          result.error = .with {
            $0.reason = error.reason.rawValue
            $0.field = field(error.field, row: index)
            $0.message = error.message
          }
          response.refused += 1
        }
        response.rows.append(result)
      }
    }
  }

  /// A decision names the field of a single registration; here it is a row.
  private static func field(_ field: String?, row: Int) -> String {
    guard let field else { return "enterprises[\(row)]" }
    let single = "enterprise."
    return field.hasPrefix(single) ? "enterprises[\(row)]." + field.dropFirst(single.count) : field
  }
}
