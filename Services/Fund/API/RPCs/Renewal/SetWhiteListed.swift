import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func setWhiteListed(
    request: ServerRequest<Huirong_Fund_V1_SetWhiteListedRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_WhiteListEntry> {
    try await command(request, context) { message, _ in
      SetWhiteListed(
        bank: message.bank, firm: message.firm, regionCode: message.regionCode, isListed: message.listed,
        reason: message.reason, businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
