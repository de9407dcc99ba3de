import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func applyGuarantee(
    request: ServerRequest<Huirong_Fund_V1_ApplyGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_GuaranteeApplication> {
    try await command(request, context) { message, call in
      try Require.set(message.hasTerms, "terms")
      let terms: GuaranteeTerms
      do throws(DomainError) {
        terms = try GuaranteeTerms(message.terms)
      } catch {
        throw error.within("terms")
      }
      return ApplyGuarantee(
        id: Self.newID(call), terms: terms, businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
