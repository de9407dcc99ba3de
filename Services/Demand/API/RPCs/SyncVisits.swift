import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension OutreachService {
  /// Most items of one batch.
  static let maximumItems = 200

  package func syncVisits(
    request: ServerRequest<Huirong_Demand_V1_SyncVisitsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_SyncVisitsResponse> {
    try await edge.command(request, context, encode: Self.synced(request.message)) { message, command in
      let count = message.enterprises.count + message.demands.count + message.visits.count
      try Require.count(count, minimum: 1, maximum: Self.maximumItems, "visits")
      var items: [FieldItem] = []
      for (index, item) in message.enterprises.enumerated() {
        items.append(
          try Self.item(item, item.clientID, "enterprises[\(index)]") { () throws(DomainError) in
            let draft = try EnterpriseDraft(item.enterprise, field: "enterprise")
            return .enterprise(
              try RegisterEnterprise(uscc: item.enterprise.uscc, draft: draft, legacyCodes: legacyCodes))
          })
      }
      for (index, item) in message.demands.enumerated() {
        items.append(
          try Self.item(item, item.clientID, "demands[\(index)]") { () throws(DomainError) in
            .demand(try SubmitDemand(item.demand, id: Self.newID(command.call), reason: ""))
          })
      }
      for (index, visit) in message.visits.enumerated() {
        items.append(
          try Self.item(visit, visit.clientID, "visits[\(index)]") { () throws(DomainError) in
            guard visit.kind == .visit else {
              throw DomainError.invalid("matter.kind", "only visits are synchronised")
            }
            return .visit(try OpenCase(visit, id: Self.newID(command.call)))
          })
      }
      return try await repository.sync(items, envelope: command.envelope, encode: command.encode)
    }
  }

  private static func item(
    _ message: some Message, _ clientID: String, _ path: String,
    _ command: () throws(DomainError) -> FieldItem.Command
  ) throws -> FieldItem {
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    let content: [UInt8] = try message.serializedBytes(options: options)
    guard !clientID.isEmpty else {
      let missing = DomainError(.requiredFieldMissing, "an item of a batch has a client_id", field: "client_id")
      return FieldItem(clientID: "", content: content, command: .failure(missing))
    }
    guard clientID.utf8.count <= 64, ResourceName.isID(clientID) else {
      throw DomainError.invalid("\(path).client_id", "has 1 to 64 of A–Z a–z 0–9 . _ ~ -")
    }
    return FieldItem(clientID: clientID, content: content, command: Result(catching: command))
  }

  /// The results in the order of the batch: firms, demands, visits.
  private static func synced(
    _ request: Huirong_Demand_V1_SyncVisitsRequest
  ) -> @Sendable ([SyncedItem]) throws -> Huirong_Demand_V1_SyncVisitsResponse {
    { items in
      let paths =
        request.enterprises.enumerated().map { ("enterprises[\($0)]", $1.clientID) }
        + request.demands.enumerated().map { ("demands[\($0)]", $1.clientID) }
        + request.visits.enumerated().map { ("visits[\($0)]", $1.clientID) }
      let results = zip(paths, items).map { result(of: $1, at: $0.0, clientID: $0.1) }
      let demands = request.enterprises.count
      let visits = demands + request.demands.count
      return .with {
        $0.enterprises = Array(results[..<demands])
        $0.demands = Array(results[demands..<visits])
        $0.visits = Array(results[visits...])
        for item in items {
          switch item {
          case .stored: $0.stored += 1
          case .known: $0.known += 1
          case .refused: $0.refused += 1
          }
        }
      }
    }
  }

  private static func result(
    of item: SyncedItem, at path: String, clientID: String
  ) -> Huirong_Demand_V1_SyncedVisit {
    .with {
      $0.clientID = clientID
      switch item {
      case .stored(let name), .known(let name): $0.name = name
      case .refused(let error):
        $0.reason = error.reason.rawValue
        $0.field = error.field.map { "\(path).\($0)" } ?? ""
        $0.message = error.message
      }
    }
  }
}
