import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func offerDemand(
    request: ServerRequest<Huirong_Demand_V1_OfferDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .offer(
        try OfferDemand(
          demand: Self.demandID(message.name), institution: message.institution,
          amount: .required(message.hasAmount, message.amount, "amount"), rate: Self.rate(of: message),
          tenorMonths: Int64(message.tenorMonths), guaranteeNeeded: message.guaranteeNeeded, product: message.product,
          reason: message.reason))
    }
  }

  /// A rate of zero is possible, one that was forgotten is not.
  private static func rate(of message: Huirong_Demand_V1_OfferDemandRequest) throws(DomainError) -> Rate {
    try Require.set(message.hasRate, "rate")
    return Rate(message.rate)
  }
}
