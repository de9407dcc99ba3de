import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  /// Rows that one request may bring.
  private static let maximumSample = 200_000
  /// Leading digits that make a county.
  private static let countyDigits: Int32 = 6

  package func monitorScorecard(
    request: ServerRequest<Huirong_Evaluation_V1_MonitorScorecardRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_MonitoringReport> {
    try await edge.unary(request, context) { message, call in
      try Require.number(message.version, in: 1...1_000_000, "version")
      try Require.count(message.sample.count, maximum: Self.maximumSample, "sample")
      try Require.text(message.approvalGrade, "approval_grade", maximum: 64)
      if message.regionDigits != 0 { try Require.number(message.regionDigits, in: 2...12, "region_digits") }
      let id = try ResourceName.id(of: message.name, in: "scorecards")
      let card = try await queries.scorecard(id: id, version: Int(message.version)).scorecard
      var rows: [MonitoringRow]
      if message.sample.isEmpty {
        rows = try await queries.sample(
          try MonitoredRatings(message, scorecardID: id, regionPrefix: call.caller.regionPrefix))
      } else {
        rows = try MonitoringRow.sample(message)
      }
      let digits = Int(message.regionDigits == 0 ? Self.countyDigits : message.regionDigits)
      for index in rows.indices { rows[index].region = String(rows[index].region.prefix(digits)) }
      let report = try MonitoringReport(rows, of: card, approvalGrade: message.approvalGrade)
      return Huirong_Evaluation_V1_MonitoringReport(report, of: card)
    }
  }
}
