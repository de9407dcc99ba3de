import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func queryFacts(
    request: ServerRequest<Huirong_Evaluation_V1_QueryFactsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_QueryFactsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try FactQuery(message)
      let found = try await queries.query(query, after: page.cursor, limit: page.size)
      var response = try Huirong_Evaluation_V1_QueryFactsResponse(found, of: query)
      if let next = found.next { response.nextPageToken = page.token(after: next) }
      return response
    }
  }

  /// Rows of one message of a stream: each message is read in a transaction of its own, so that a long stream holds no
  /// old state of the store alive.
  private static let streamedRows = 1000

  package func streamFacts(
    request: ServerRequest<Huirong_Evaluation_V1_QueryFactsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_QueryFactsResponse> {
    try await edge.serverStream(request, context) { message, _, writer in
      let query = try FactQuery(message)
      var cursor: String?
      repeat {
        let found = try await queries.query(query, after: cursor, limit: Self.streamedRows)
        if !found.rows.isEmpty {
          try await writer.write(try Huirong_Evaluation_V1_QueryFactsResponse(found, of: query))
        }
        cursor = found.next
      } while cursor != nil
    }
  }

  package func rankRegions(
    request: ServerRequest<Huirong_Evaluation_V1_RankRegionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_RankRegionsResponse> {
    try await edge.unary(request, context) { message, _ in
      try Require.text(message.indicatorID, "indicator_id", maximum: 64)
      try Require.text(message.period, "period", maximum: 32)
      guard FactQuery.acceptedRegionDigits.contains(Int(message.regionDigits)) else {
        throw DomainError.invalid("region_digits", "2, 4, 6, 9 or 12")
      }
      if !message.regionPrefix.isEmpty, !EvaluationID.isRegionCode(message.regionPrefix) {
        throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "region_prefix")
      }
      let found = try await queries.rankRegions(
        indicatorID: message.indicatorID, period: try Period(message.period), digits: Int(message.regionDigits),
        prefix: message.regionPrefix)
      var response = Huirong_Evaluation_V1_RankRegionsResponse()
      response.unit = found.unit.proto
      response.regions = found.regions.map(Huirong_Evaluation_V1_RegionRank.init)
      return response
    }
  }
}

extension FactQuery {
  init(_ message: Huirong_Evaluation_V1_QueryFactsRequest) throws(DomainError) {
    var dimensions: Set<QueryDimension> = []
    for (index, proto) in message.dimensions.enumerated() {
      let field = "dimensions[\(index)]"
      let dimension: QueryDimension
      switch try Require.value(proto, field) {
      case .region: dimension = .region
      case .peerGroup: dimension = .peerGroup
      case .type: dimension = .type
      case .institution: dimension = .institution
      default: dimension = .period
      }
      guard dimensions.insert(dimension).inserted else { throw .invalid(field, "each dimension once") }
    }
    self.init(
      indicatorIDs: message.indicatorIds, periodMonths: Int(message.periodMonths),
      from: message.fromPeriod.isEmpty ? nil : try Period(message.fromPeriod, field: "from_period"),
      to: message.toPeriod.isEmpty ? nil : try Period(message.toPeriod, field: "to_period"), dimensions: dimensions,
      regionDigits: Int(message.regionDigits), regionPrefixes: message.regionPrefixes, peerGroups: message.peerGroups,
      types: message.types, institutionIDs: message.institutionIds)
    try validate()
  }
}

extension Huirong_Evaluation_V1_QueryFactsResponse {
  init(_ page: QueryPage, of query: FactQuery) throws(DomainError) {
    self.init()
    var rows: [Huirong_Evaluation_V1_QueryRow] = []
    rows.reserveCapacity(page.rows.count)
    for row in page.rows {
      var proto = Huirong_Evaluation_V1_QueryRow()
      let indicator = row.key.first ?? ""
      proto.indicatorID = indicator
      proto.unit = page.units[indicator]?.proto ?? .unspecified
      proto.region = row.value(.region, in: query)
      proto.peerGroup = row.value(.peerGroup, in: query)
      proto.type = row.value(.type, in: query)
      proto.institutionID = row.value(.institution, in: query)
      proto.period = row.value(.period, in: query)
      proto.count = row.count
      proto.sum = "\(row.sum)"
      proto.mean = try row.mean()
      proto.last = "\(row.last)"
      proto.lastPeriod = row.lastPeriod.description
      rows.append(proto)
    }
    self.rows = rows
  }
}

extension Huirong_Evaluation_V1_RegionRank {
  init(_ line: RegionRank) {
    self.init()
    rank = Int32(clamping: line.rank)
    region = line.region
    institutionCount = Int32(clamping: line.institutions)
    switch line.value {
    case .present(let number): value = number
    case .absent(let reason): absence = reason.description
    }
  }
}
