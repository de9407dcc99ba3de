package import FundDomain
package import GRPCCore
package import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createTransfers(
    request: ServerRequest<Huirong_Fund_V1_CreateTransfersRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_CreateTransfersResponse> {
    try await command(request, context) { message, _ in CreateTransfers(try Self.drafts(message.transfers)) }
  }

  package static func drafts(
    _ transfers: [Huirong_Fund_V1_TransferRequest]
  ) throws(DomainError) -> [TransferDraft] {
    try Require.count(transfers.count, minimum: 1, maximum: Ledger.maximumBatch, "transfers")
    var names = AccountNames()
    var drafts: [TransferDraft] = []
    drafts.reserveCapacity(transfers.count)
    for wire in transfers {
      do {
        drafts.append(try TransferDraft(wire, &names))
      } catch {
        throw error.within("transfers[\(drafts.count)]")
      }
    }
    return drafts
  }
}
