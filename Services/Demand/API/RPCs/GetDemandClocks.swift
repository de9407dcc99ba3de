import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  /// A day to come is answered by the demand as it is; a day that is past by the demand as it was at its end.
  package func getDemandClocks(
    request: ServerRequest<Huirong_Demand_V1_GetDemandClocksRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_GetDemandClocksResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Self.demandID(message.name)
      let today = try call.now.shanghaiDate()
      let date = try BusinessDate.optional(message.hasAsOf, message.asOf, "as_of") ?? today
      var demand: Demand? = try await repository.demand(id)
      if let demand { _ = try DemandScope.view(demand, for: call.caller) }
      if date < today { demand = try await repository.demand(id, at: .time(try date.endInShanghai)) }
      guard let demand else { return .init() }
      // A competitor's deadlines are not an institution's business.
      let clocks = try DemandClocks.of(demand, policy: policy, on: date).filter { clock in
        call.caller.role != .institution || clock.institution.map { $0 == call.caller.organisation } ?? true
      }
      return .with { $0.clocks = clocks.map { $0.wire(on: date, pausedFrom: demand.pausedFrom) } }
    }
  }
}

extension BusinessDate {
  /// The last moment of the day in Asia/Shanghai.
  fileprivate var endInShanghai: Instant {
    get throws(DomainError) {
      Instant(microseconds: Int64(try adding(days: 1).dayNumber) * 86_400_000_000 - 28_800_000_000 - 1)
    }
  }
}
