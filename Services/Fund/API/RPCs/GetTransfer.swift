import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getTransfer(
    request: ServerRequest<Huirong_Fund_V1_GetTransferRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Transfer> {
    try await edge.unary(request, context) { message, _ in
      let id = try Wire.id(message.name, "transfers", "name")
      // A ULID may consist of digits alone; no number is as long as one.
      if id.utf8.count < 26, let number = Int64(id) { return .init(try await repository.transfer(number: number)) }
      return .init(try await repository.transfer(id: TransferID(id, field: "name")))
    }
  }
}
