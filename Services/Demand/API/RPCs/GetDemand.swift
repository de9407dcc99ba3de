import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func getDemand(
    request: ServerRequest<Huirong_Demand_V1_GetDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await edge.unaryEncoded(request, context) { message, call in
      let id = try Self.demandID(message.name)
      let demand = try await repository.demand(id)
      let present = try DemandScope.view(demand, for: call.caller)
      guard let moment = try Self.moment(of: message) else { return try present.encoded }
      guard let past = try await repository.demand(id, at: moment) else {
        throw DomainError.notFound("demands/\(id)")
      }
      return try DemandScope.view(past, for: call.caller).encoded
    }
  }

  private static func moment(
    of message: Huirong_Demand_V1_GetDemandRequest
  ) throws(DomainError) -> HistoryMoment? {
    guard message.asOfSequence >= 0 else { throw .invalid("as_of_sequence", "is not negative") }
    if message.hasAsOfTime {
      guard message.asOfSequence == 0 else {
        throw .invalid("as_of_time", "goes not together with as_of_sequence")
      }
      return .time(try Instant(message.asOfTime, field: "as_of_time"))
    }
    return message.asOfSequence == 0 ? nil : .sequence(message.asOfSequence)
  }
}
