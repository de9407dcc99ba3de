import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func checkLoanUse(
    request: ServerRequest<Huirong_Fund_V1_CheckLoanUseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try CheckLoanUse(
        loan: Wire.bridgeLoan(message.name), finding: Wire.code(message.finding, "finding"), note: message.note,
        evidence: Wire.evidence(message.evidence),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
