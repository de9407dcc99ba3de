import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func recordCompensationRecovery(
    request: ServerRequest<Huirong_Fund_V1_RecordCompensationRecoveryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await command(request, context) { message, _ in
      RecordCompensationRecovery(
        cover: try Wire.id(message.name, "covers", "name"),
        recovered: try Wire.money(message.hasRecovered, message.recovered, "recovered"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
