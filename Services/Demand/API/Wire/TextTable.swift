import DemandDomain
import Kernel
import Protos
import RPCEdge

/// Rows as CSV (RFC 4180) or as a JSON list of objects; all values are texts, so that amounts stay exact.
struct TextTable {
  let header: [String]
  var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  func bytes(
    _ format: Huirong_Demand_V1_ExportFormat, withHeader: Bool = true
  ) throws(DomainError) -> [UInt8] {
    try Require.value(format, "format")
    let text = format == .csv ? csv(withHeader: withHeader) : json
    return Array(text.utf8)
  }

  private func csv(withHeader: Bool) -> String {
    ((withHeader ? [header] : []) + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A cell that a spreadsheet would take for a formula is written with an apostrophe before it.
  private static func quoted(_ cell: String) -> String {
    let isFormula = cell.first.map { "=+-@".contains($0) } ?? false
    let cell = isFormula && Int64(cell) == nil ? "'" + cell : cell
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  private var json: String {
    let objects = rows.map { row in
      "{" + zip(header, row).map { "\(Self.escaped($0)):\(Self.escaped($1))" }.joined(separator: ",") + "}"
    }
    return "[" + objects.joined(separator: ",\n") + "]\n"
  }

  private static func escaped(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
