import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func registerCover(
    request: ServerRequest<Huirong_Fund_V1_RegisterCoverRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await command(request, context) { message, _ in
      var command = RegisterCover(
        scheme: try Wire.id(message.scheme, "compensationSchemes", "scheme"), bank: message.bank,
        borrower: message.borrower, loanNumber: message.loanNumber,
        principal: try Wire.money(message.hasPrincipal, message.principal, "principal"),
        disbursedOn: try Wire.date(message.hasDisbursedOn, message.disbursedOn, "disbursed_on"),
        maturesOn: try Wire.date(message.hasMaturesOn, message.maturesOn, "matures_on"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
      command.eligibility = message.eligibility
      command.isUnsecured = message.unsecured
      command.contract = message.contract.isEmpty ? nil : message.contract
      return command
    }
  }
}
