package import EvaluationDomain
import Foundation
import Kernel
import Protos
import SwiftProtobuf

/// A run as a file: the same run in the same state is the same bytes.
struct RunExport {
  let run: Run
  let evaluation: Evaluation
  let format: ExportSeal.Format
  var includesExplanations = false

  private var rows: [ScoreRow] { evaluation.tables.flatMap(\.rows) }

  /// The file in order, each piece made when it is asked for.
  var pieces: [() throws -> String] {
    switch format {
    case .csv: [{ RankingCSV.header }] + rows.map { row in { RankingCSV.line(row) } }
    case .jsonLines:
      [{ try RunJSON.text(Huirong_Evaluation_V1_Run(run)) + "\n" }] + rows.map { row in { try line(row) } }
    case .json: json
    case .html: [{ RunHTML(run: run, evaluation: evaluation).text }]
    }
  }

  func bytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in pieces { bytes += Array(try piece().utf8) }
    return bytes
  }

  private func line(_ row: ScoreRow) throws -> String {
    includesExplanations
      ? try RunJSON.text(Huirong_Evaluation_V1_ScoreExplanation(try evaluation.explain(row.institutionID))) + "\n"
      : try RunJSON.text(Huirong_Evaluation_V1_Ranking(row)) + "\n"
  }

  private var json: [() throws -> String] {
    let head: () throws -> String = { "{\"run\":\(try RunJSON.text(Huirong_Evaluation_V1_Run(run))),\"rankings\":[" }
    let lines = rows.enumerated().map { index, row in
      { (index > 0 ? ",\n" : "\n") + (try RunJSON.text(Huirong_Evaluation_V1_Ranking(row))) }
    }
    return [head] + lines + [{ "\n]}\n" }]
  }
}

enum RunJSON {
  static func text(_ message: some Message) throws -> String {
    var options = JSONEncodingOptions()
    options.preserveProtoFieldNames = true
    return try message.jsonString(options: options)
  }
}

/// RFC 4180: CRLF, quotes where a field needs them. Points are decimal numbers.
package enum RankingCSV {
  package static let header =
    "table,rank,institution_id,title,total_points,regular_points,bonus_points,grade,outside_reason\r\n"

  package static func line(_ row: ScoreRow) -> String { line(fields(row)) }

  static func fields(_ row: ScoreRow) -> [String] {
    [
      row.table, "\(row.rank)", row.institutionID, row.title, Points.text(row.total), Points.text(row.regular),
      Points.text(row.bonus), row.grade, row.outsideReason,
    ]
  }

  static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

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
