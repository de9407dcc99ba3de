import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func reserveGuarantee(
    request: ServerRequest<Huirong_Fund_V1_ReserveGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, call in
      var command = try ReserveGuarantee(
        id: Self.newID(call), facility: Wire.facility(message.facility), journey: message.journey,
        borrower: message.borrower, affiliates: message.affiliates,
        borrowerSize: Wire.optionalCode(message.borrowerSize, "borrower_size"), isAgricultural: message.agricultural,
        lender: message.lender, principal: Wire.money(message.hasPrincipal, message.principal, "principal"),
        maturesOn: Wire.date(message.hasMaturesOn, message.maturesOn, "matures_on"),
        expiresOn: Wire.date(message.hasExpiresOn, message.expiresOn, "expires_on"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
      command.purpose = message.purpose
      return command
    }
  }
}
