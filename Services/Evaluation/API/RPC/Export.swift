package import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension EvaluationService {
  package func exportRun(
    request: ServerRequest<Huirong_Evaluation_V1_ExportRunRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_ExportChunk> {
    try await edge.serverStream(request, context) { message, call, writer in
      let id = try ResourceName.id(of: message.name, in: "runs")
      try Require.value(message.format, "format")
      let run = try await visibleRun(id, to: call.caller)
      let evaluation = try await recomputed.evaluation(of: id)
      var file = ExportFile { bytes in
        var chunk = Huirong_Evaluation_V1_ExportChunk()
        chunk.data = bytes
        try await writer.write(chunk)
      }
      switch message.format {
      case .csv:
        if message.includeExplanations {
          throw DomainError.invalid("include_explanations", "explanations are exported as JSON lines only")
        }
        try await file.add(RankingCSV.header)
        for row in evaluation.tables.flatMap(\.rows) { try await file.add(RankingCSV.line(row)) }
      default:
        try await file.add(try RunJSON.line(Huirong_Evaluation_V1_Run(run)))
        for row in evaluation.tables.flatMap(\.rows) {
          let line =
            message.includeExplanations
            ? try RunJSON.line(Huirong_Evaluation_V1_ScoreExplanation(try evaluation.explain(row.institutionID)))
            : try RunJSON.line(Huirong_Evaluation_V1_Ranking(row))
          try await file.add(line)
        }
      }
      try await file.finish()
    }
  }
}

/// Collects text into pieces of at most 64 KiB.
private struct ExportFile {
  private static let chunkBytes = 64 << 10
  private var pending = Data()
  private let send: (Data) async throws -> Void

  init(send: @escaping (Data) async throws -> Void) { self.send = send }

  mutating func add(_ text: String) async throws {
    pending.append(contentsOf: text.utf8)
    while pending.count >= Self.chunkBytes {
      let chunk = pending.prefix(Self.chunkBytes)
      pending = Data(pending.dropFirst(Self.chunkBytes))
      try await send(Data(chunk))
    }
  }

  mutating func finish() async throws {
    if !pending.isEmpty { try await send(pending) }
    pending = Data()
  }
}

enum RunJSON {
  static func line(_ message: some Message) throws -> String {
    var options = JSONEncodingOptions()
    options.preserveProtoFieldNames = true
    return try message.jsonString(options: options) + "\n"
  }
}

/// RFC 4180: CRLF, quotes where a field needs them. Points are decimal numbers.
package enum RankingCSV {
  package static let header =
    "table,rank,institution_id,title,total_points,regular_points,bonus_points,grade,outside_reason\r\n"

  package static func line(_ row: ScoreRow) -> String {
    [
      row.table, "\(row.rank)", row.institutionID, row.title, Points.text(row.total), Points.text(row.regular),
      Points.text(row.bonus), row.grade, row.outsideReason,
    ].map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
