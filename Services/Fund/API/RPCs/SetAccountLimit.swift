import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func setAccountLimit(
    request: ServerRequest<Huirong_Fund_V1_SetAccountLimitRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Account> {
    try await command(request, context) { message, _ in
      SetAccountLimit(
        account: try Wire.account(message.name, "name"), limit: try Wire.code(message.limit, "limit"),
        bound: message.hasBoundMinor ? message.boundMinor : nil, reason: message.reason,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
