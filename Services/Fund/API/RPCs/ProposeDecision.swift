import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func proposeDecision(
    request: ServerRequest<Huirong_Fund_V1_ProposeDecisionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Decision> {
    try await command(request, context) { message, _ in
      ProposeDecision(
        step: try Wire.code(message.step, "step"), subject: message.subject,
        terms: DecisionTerms(
          amount: try Wire.optionalMoney(message.hasAmount, message.amount, "amount"),
          limit: try Wire.optionalCode(message.limit, "limit"),
          bound: message.hasBoundMinor ? message.boundMinor : nil,
          party: message.party.isEmpty ? nil : message.party,
          until: message.hasUntil ? try BusinessDate(message.until, field: "until") : nil, reason: message.reason),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
