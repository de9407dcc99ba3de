import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListStatementLinesRequest: PagedRequest {}

extension ReconciliationService {
  package func listStatementLines(
    request: ServerRequest<Huirong_Fund_V1_ListStatementLinesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListStatementLinesResponse> {
    try await records(request, context, of: StatementLine.self) { message, _ in
      let state: StatementLineState? = try Wire.optionalCode(message.state, "state")
      return RecordQuery(
        owner: try Wire.id(message.statement, "bankStatements", "statement"), state: state?.rawValue)
    } _: { found, next in
      .with {
        $0.lines = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
