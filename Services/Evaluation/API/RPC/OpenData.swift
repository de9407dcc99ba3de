import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  /// Published tables as anyone may have them: no officers, no people among the ranked.
  package func exportOpenData(
    request: ServerRequest<Huirong_Evaluation_V1_ExportOpenDataRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_ExportChunk> {
    try await edge.serverStream(request, context) { message, _, writer in
      var schemeID = ""
      if !message.scheme.isEmpty { schemeID = try ResourceName.id(of: message.scheme, in: "schemes", field: "scheme") }
      let period = message.period.isEmpty ? nil : try Period(message.period)
      let form: OpenDataForm
      switch try ExportSeal.Format(message.format) {
      case .csv: form = .csv
      case .jsonLines: form = .jsonLines
      case .json, .html: throw DomainError.invalid("format", "EXPORT_FORMAT_CSV or EXPORT_FORMAT_JSON_LINES")
      }
      var file = ExportFile { bytes in
        var chunk = Huirong_Evaluation_V1_ExportChunk()
        chunk.data = bytes
        try await writer.write(chunk)
      }
      try await file.add(form.header)
      var cursor: String?
      repeat {
        let page = try await queries.runs(schemeID: schemeID, after: cursor, limit: Page.maximumSize)
        for run in page.items where run.state == .published && (period == nil || run.period == period?.description) {
          let open = try await queries.openRows(runID: run.id)
          try await file.add(try form.run(run, withheld: open.withheld))
          for row in open.rows { try await file.add(try form.line(row, of: run)) }
        }
        cursor = page.next
      } while cursor != nil
      try await file.finish()
    }
  }
}

/// How open data is written.
enum OpenDataForm {
  case csv, jsonLines

  var header: String {
    switch self {
    case .csv:
      RankingCSV.line([
        "scheme", "scheme_version", "period", "run", "digest", "table", "rank", "institution_id", "title",
        "total_points", "regular_points", "bonus_points", "grade", "outside_reason",
      ])
    case .jsonLines: ""
    }
  }

  /// What is published about a run itself: nothing about who computed, adopted or published it.
  func run(_ run: Run, withheld: Int) throws -> String {
    switch self {
    case .csv: return ""
    case .jsonLines:
      var open = Huirong_Evaluation_V1_Run(run)
      open.creator = ""
      open.publisher = ""
      return "{\"run\":\(try RunJSON.text(open)),\"withheld_lines\":\(withheld)}\n"
    }
  }

  func line(_ row: ScoreRow, of run: Run) throws -> String {
    switch self {
    case .csv:
      RankingCSV.line(
        ["schemes/\(run.schemeID)", "\(run.schemeVersion)", run.period, "runs/\(run.id)", run.digest]
          + RankingCSV.fields(row))
    case .jsonLines:
      "{\"run_name\":\"runs/\(run.id)\",\"ranking\":\(try RunJSON.text(Huirong_Evaluation_V1_Ranking(row)))}\n"
    }
  }
}
