import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListBankStatementsRequest: PagedRequest {}

extension ReconciliationService {
  package func listBankStatements(
    request: ServerRequest<Huirong_Fund_V1_ListBankStatementsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListBankStatementsResponse> {
    try await records(request, context, of: BankStatement.self) { message, _ in
      RecordQuery(owner: try Wire.pool(message.pool))
    } _: { found, next in
      .with {
        $0.statements = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
