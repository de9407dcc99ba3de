import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func changeGuarantee(
    request: ServerRequest<Huirong_Fund_V1_ChangeGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      let change: ChangeGuarantee.Change
      switch message.change {
      case .maturesOn(let date): change = .extend(to: try BusinessDate(date, field: "matures_on"))
      case .repaidPrincipal(let money): change = .repaid(try Money(money, field: "repaid_principal"))
      case nil: throw DomainError(.requiredFieldMissing, "say what changes", field: "change")
      }
      return ChangeGuarantee(
        guarantee: try Wire.guarantee(message.name), change: change,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
