import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func deferLoan(
    request: ServerRequest<Huirong_Fund_V1_DeferLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Deferral> {
    try await command(request, context) { message, call in
      DeferLoan(
        id: Self.newID(call), bank: message.bank, firm: message.firm, loanNumber: message.loanNumber,
        regionCode: message.regionCode, dueOn: try Wire.date(message.hasDueOn, message.dueOn, "due_on"),
        deferredTo: try Wire.date(message.hasDeferredTo, message.deferredTo, "deferred_to"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
