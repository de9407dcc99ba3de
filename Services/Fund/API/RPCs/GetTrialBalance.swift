import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getTrialBalance(
    request: ServerRequest<Huirong_Fund_V1_GetTrialBalanceRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_TrialBalance> {
    try await edge.unary(request, context) { message, _ in
      let date =
        message.hasBusinessDate ? try BusinessDate(message.businessDate, field: "business_date") : nil
      return .init(try await repository.trialBalance(ofPool: Wire.pool(message.pool), on: date))
    }
  }
}
