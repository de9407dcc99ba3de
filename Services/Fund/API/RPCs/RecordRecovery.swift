import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func recordRecovery(
    request: ServerRequest<Huirong_Fund_V1_RecordRecoveryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try RecordRecovery(
        guarantee: Wire.guarantee(message.name), amount: Wire.money(message.hasAmount, message.amount, "amount"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
