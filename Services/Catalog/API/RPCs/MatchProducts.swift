import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  /// Matches when the caller does not say, and at most.
  private static let standardLimit = 20
  private static let highestLimit = 200
  /// Refusals explained to choose the nearest from: a few tens of microseconds each.
  private static let examinedLimit = 5_000

  package func matchProducts(
    request: ServerRequest<Huirong_Catalog_V1_MatchProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_MatchProductsResponse> {
    try await edge.unaryEncoded(request, context) { message, call in
      try Self.match(message, live.current, call)
    }
  }

  /// The encoded answer to one request from one state of the catalog.
  static func match(
    _ message: Huirong_Catalog_V1_MatchProductsRequest, _ state: LiveCatalog.State, _ call: CallInfo
  ) throws -> [UInt8] {
    let profile = try Profile(message.firm, message.need, now: call.now)
    let limit = try Reading.limit(message.limit, default: standardLimit, most: highestLimit, "limit")
    let refused = try Reading.limit(
      message.ineligibleLimit, default: standardLimit, most: highestLimit, "ineligible_limit")
    let asOf = if let day = profile.asOf { day } else { try call.now.shanghaiDate() }
    let result = state.index.match(profile, limit: limit, level: state.rates.level(on: asOf))
    var response = Huirong_Catalog_V1_MatchProductsResponse()
    response.eligibleCount = Int32(clamping: result.eligible)
    response.consideredCount = Int32(clamping: result.considered)
    response.asOf = .init(asOf)
    response.catalogSequence = state.sequence
    if message.includeIneligible { try addRefusals(to: &response, state.index, profile, asOf, refused, call) }
    return try MatchList.bytes(
      result.matches, withDetails: message.includeProducts, rest: try response.serializedBytes())
  }

  private static func addRefusals(
    to response: inout Huirong_Catalog_V1_MatchProductsResponse, _ index: CatalogIndex, _ profile: Profile,
    _ asOf: BusinessDate, _ limit: Int, _ call: CallInfo
  ) throws {
    var refusals: [Refusal] = []
    for offer in index.ineligible(profile, on: asOf, limit: examinedLimit) {
      try call.checkCancellation()
      if let refusal = Explanation.refusal(offer, profile) { refusals.append(refusal) }
    }
    response.ineligibleExamined = Int32(clamping: refusals.count)
    refusals.sort { $0.change.cost != $1.change.cost ? $0.change.cost < $1.change.cost : $0.offer.id < $1.offer.id }
    response.ineligible = refusals.prefix(limit).map { Huirong_Catalog_V1_Ineligibility($0) }
  }
}
