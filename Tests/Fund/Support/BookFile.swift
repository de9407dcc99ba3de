import Foundation
import FundDomain
import Kernel
import TestProgram
import Testing

/// The loans of `data/sba`, as its CSV writes them, read without the service's own code.
enum BookFile {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../data/sba/sba-7a-loans.csv.gz").standardizedFileURL.path

  static func rows() async throws -> [BookRow] {
    let text = String(decoding: try await Program.bytes("/bin/gzip", ["-dc", path]), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    let header = fields(lines[0])
    return try lines.dropFirst().map { line in
      try row(Dictionary(uniqueKeysWithValues: zip(header, fields(line))))
    }
  }

  private static func row(_ fields: [String: String]) throws -> BookRow {
    func cents(_ name: String) throws -> Int64 { try #require(Int64(fields[name] ?? "")) * 100 }
    let outcome: BookOutcome =
      switch fields["MIS_Status"] {
      case "P I F": .paidInFull
      case "CHGOFF": .chargedOff
      default: .missing
      }
    return BookRow(
      loanNumber: fields["LoanNr_ChkDgt"] ?? "", lender: fields["Bank"] ?? "",
      approvedOn: try date(fields["ApprovalDate"] ?? ""), grossApproval: try cents("GrAppv"),
      guaranteed: try cents("SBA_Appv"), disbursedOn: try date(fields["DisbursementDate"] ?? ""),
      disbursed: try cents("DisbursementGross"), termMonths: try #require(Int(fields["Term"] ?? "")), outcome: outcome,
      chargedOffOn: try date(fields["ChgOffDate"] ?? ""), chargedOff: try cents("ChgOffPrinGr"))
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `2/28/1997` or `24-Jun-91`; two-digit years below 30 belong to this century.
  private static func date(_ text: String) throws -> BusinessDate? {
    if text.isEmpty { return nil }
    let parts = text.split(whereSeparator: { $0 == "/" || $0 == "-" })
    try #require(parts.count == 3)
    if text.contains("/") {
      return try BusinessDate(
        year: try #require(Int(parts[2])), month: try #require(Int(parts[0])), day: try #require(Int(parts[1])))
    }
    let month = try #require(months.firstIndex(of: String(parts[1]))) + 1
    let short = try #require(Int(parts[2]))
    return try BusinessDate(year: short < 30 ? 2000 + short : 1900 + short, month: month, day: #require(Int(parts[0])))
  }

  /// RFC 4180 without line breaks inside fields.
  private static func fields(_ line: Substring) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        fields.append(field)
        field = ""
      default: field.append(character)
      }
    }
    return fields + [field]
  }
}
