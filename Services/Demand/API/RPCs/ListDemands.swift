import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListDemandsRequest: PagedRequest {}

extension DemandService {
  static let demandFields: FilterFields = [
    "state": .enumeration(DemandState.allCases.map { $0.rawValue.uppercased() }), "region_code": .text,
    "enterprise": .text, "claimed_institution": .text, "target_institution": .text,
    "push_mode": .enumeration(PushMode.allCases.map { $0.rawValue.uppercased() }),
    "channel": .enumeration(Channel.allCases.map { $0.rawValue.uppercased() }),
    "instrument": .enumeration(Instrument.allCases.map { $0.rawValue.uppercased() }),
    "level": .enumeration(HandlingLevel.allCases.map { $0.rawValue.uppercased() }), "chain": .text,
    "created_from": .text, "created_to": .text, "closed_from": .text, "closed_to": .text,
  ]

  package func listDemands(
    request: ServerRequest<Huirong_Demand_V1_ListDemandsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListDemandsResponse> {
    try await edge.unaryEncoded(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try Self.query(
        message.filter, descending: ListFilter.isDescending(message.orderBy), page, call.caller)
      let (rows, next) = try await rows(query, page)
      return try Self.page(rows, next: next, for: call.caller)
    }
  }

  /// A page of the ledger and the token of the next.
  func rows(_ query: DemandQuery, _ page: Page) async throws -> (rows: [Listed<Demand>], next: String) {
    if query.sieve.isEmpty {
      let (rows, next) = page.cut(try await repository.demands(query)) { String($0.position) }
      return (rows, next)
    }
    var sifted = query
    sifted.limit = page.size
    let found = try await repository.sifted(sifted)
    return (found.rows, found.resume.map { page.token(after: String($0)) } ?? "")
  }

  /// The bytes of a response whose first field is a list of demands and whose second the next page's token.
  static func page(_ rows: [Listed<Demand>], next: String, for caller: Caller) throws -> [UInt8] {
    var writer = FieldWriter(capacity: rows.count * 1024)
    for row in rows { writer.raw(1, try DemandScope.view(row.item, for: caller).encoded) }
    writer.text(2, next)
    return writer.bytes
  }

  /// The filter of lists and of the ledger's export, inside the caller's scope.
  static func query(
    _ filter: String, descending: Bool, _ page: Page, _ caller: Caller
  ) throws(DomainError) -> DemandQuery {
    let filter = try ListFilter(filter, demandFields)
    var query = try DemandQuery(
      state: filter.word("state"), regionPrefix: filter.region("region_code"),
      enterprise: filter.id("enterprise", in: "enterprises"), claimedInstitution: filter.text("claimed_institution"),
      targetInstitution: filter.text("target_institution"), pushMode: filter.word("push_mode"), descending: descending,
      after: page.position, limit: page.size + 1
    ).scoped(to: caller)
    query.sieve.channel = filter.word("channel")
    query.sieve.instrument = filter.word("instrument")
    query.sieve.level = filter.word("level")
    query.sieve.chain = filter.text("chain")
    query.sieve.createdFrom = try filter.day("created_from")
    query.sieve.createdTo = try filter.day("created_to")
    query.sieve.closedFrom = try filter.day("closed_from")
    query.sieve.closedTo = try filter.day("closed_to")
    return query
  }
}
