import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getBalance(
    request: ServerRequest<Huirong_Fund_V1_GetBalanceRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_GetBalanceResponse> {
    try await edge.unary(request, context) { message, _ in
      let point: BalancePoint =
        switch message.asOf {
        case nil: .now
        case .transferNumber(let number): .transfer(try Require.number(number, in: 0...Int64.max, "transfer_number"))
        case .businessDate(let date): .businessDate(try BusinessDate(date, field: "business_date"))
        }
      let (account, balances) = try await repository.balances(of: Wire.account(message.account), at: point)
      return .with {
        $0.account = "accounts/\(account.id)"
        $0.balances = .init(balances)
        $0.balance = .init(balances.posted(on: account.normalSide), account.currency)
      }
    }
  }
}
