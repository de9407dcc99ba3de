import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createTransfers(
    request: ServerRequest<Huirong_Fund_V1_CreateTransfersRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_CreateTransfersResponse> {
    try await command(request, context) { message, _ in
      try Require.count(message.transfers.count, minimum: 1, maximum: Ledger.maximumBatch, "transfers")
      var drafts: [TransferDraft] = []
      drafts.reserveCapacity(message.transfers.count)
      var names = AccountNames()
      for wire in message.transfers {
        do {
          drafts.append(try TransferDraft(wire, &names))
        } catch {
          throw error.within("transfers[\(drafts.count)]")
        }
      }
      return CreateTransfers(drafts)
    }
  }
}
