import EvaluationAnalysis
import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  package func analyzeTrend(
    request: ServerRequest<Huirong_Evaluation_V1_AnalyzeTrendRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_AnalyzeTrendResponse> {
    try await edge.unary(request, context) { message, call in
      let method: SeriesTrend.Method =
        try Require.known(message.method, "method") == .leastSquares ? .leastSquares : .theilSen
      let season = message.seasonalPeriod == 0 ? 1 : Int(message.seasonalPeriod)
      guard message.hasStored else {
        return Huirong_Evaluation_V1_AnalyzeTrendResponse(
          try SeriesTrend(
            message.values, missing: message.missingIndexes.map(Int.init), season: season, method: method))
      }
      if !message.values.isEmpty || !message.missingIndexes.isEmpty {
        throw DomainError.invalid("stored", "give either values or a series on record")
      }
      let query = try SeriesQuery(message.stored)
      try query.requireVisible(to: call.caller)
      let values = try await queries.series(query)
      let missing = values.indices.filter { values[$0].number == nil }
      let numbers = values.map { $0.number ?? 0 }
      let trend: SeriesTrend
      do throws(DomainError) {
        trend = try SeriesTrend(numbers.map(Double.init), missing: missing, season: season, method: method)
      } catch { throw error.field == "values" ? error.within("stored") : error }
      var response = Huirong_Evaluation_V1_AnalyzeTrendResponse(trend)
      response.periods = query.periods.map(\.description)
      response.values = numbers
      response.missingIndexes = missing.map(Int32.init)
      return response
    }
  }
}

extension Huirong_Evaluation_V1_AnalyzeTrendResponse {
  init(_ trend: SeriesTrend) {
    self.init()
    slope = trend.slope
    intercept = trend.intercept
    seasonalIndices = trend.seasonalIndices
    if let steadiness = trend.steadiness { self.steadiness = steadiness }
    fitted = trend.fitted
    medianResidual = trend.medianResidual
  }
}

extension SeriesQuery {
  /// - Throws: `INVALID_ARGUMENT` naming `stored.…`.
  init(_ message: Huirong_Evaluation_V1_StoredSeries) throws(DomainError) {
    try Require.text(message.indicatorID, "stored.indicator_id", maximum: 64)
    try Require.text(message.firstPeriod, "stored.first_period", maximum: 32)
    try Require.text(message.lastPeriod, "stored.last_period", maximum: 32)
    let subject: Subject
    switch message.subject {
    case .institutionID(let id):
      try Require.text(id, "stored.institution_id", maximum: 64)
      subject = .institution(id)
    case .regionPrefix(let prefix):
      guard EvaluationID.isRegionCode(prefix) else {
        throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "stored.region_prefix")
      }
      subject = .region(prefix)
    case nil: subject = .region("")
    }
    try self.init(
      indicatorID: message.indicatorID, subject: subject,
      first: try Period(message.firstPeriod, field: "stored.first_period"),
      last: try Period(message.lastPeriod, field: "stored.last_period"), maximum: SeriesTrend.maximumLength)
  }

  /// Institutions see themselves; whoever computes rankings sees all.
  /// - Throws: `OUT_OF_SCOPE`.
  fileprivate func requireVisible(to caller: Caller) throws(DomainError) {
    switch caller.role {
    case .regulator, .analyst, .operator, .service: return
    case .enterprise, .gridWorker, .institution, .adviser:
      guard subject == .institution(caller.organisation) else {
        throw DomainError(
          .outOfScope, "\(caller.organisation) sees its own values only", field: "stored.institution_id")
      }
    }
  }
}
