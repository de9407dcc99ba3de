import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func batchGuarantee(
    request: ServerRequest<Huirong_Fund_V1_BatchGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BatchGuaranteeResponse> {
    try await command(request, context) { message, _ in
      try Require.count(message.loans.count, minimum: 1, maximum: BatchGuarantee.maximumLoans, "loans")
      var loans: [BatchLoan] = []
      loans.reserveCapacity(message.loans.count)
      for loan in message.loans {
        do throws(DomainError) {
          loans.append(try BatchLoan(loan))
        } catch {
          throw error.within("loans[\(loans.count)]")
        }
      }
      return BatchGuarantee(
        facility: try Wire.facility(message.facility), loans: loans,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
