import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func batchImportGuaranteeBook(
    request: ServerRequest<Huirong_Fund_V1_BatchImportGuaranteeBookRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BatchImportGuaranteeBookResponse> {
    try await command(request, context) { message, _ in
      try Require.count(message.rows.count, minimum: 1, maximum: FundLimits.bookRows, "rows")
      return try ImportGuaranteeBook(facility: Wire.facility(message.facility), rows: message.rows.map { BookRow($0) })
    }
  }
}
