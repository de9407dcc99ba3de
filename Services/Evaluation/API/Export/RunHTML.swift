import EvaluationDomain
import Kernel

/// A run as a page that stands alone and prints on A4: no scripts, no links to anything outside.
struct RunHTML {
  let run: Run
  let evaluation: Evaluation

  private var scheme: Scheme { evaluation.compiled.scheme }

  var text: String {
    let heading = "\(scheme.titleZH) · \(run.period)"
    return """
      <!DOCTYPE html>
      <html lang="zh-CN"><head><meta charset="utf-8"><title>\(Self.escaped(heading))</title><style>
      @page { size: A4; margin: 18mm }
      body { font: 11pt/1.4 "Noto Serif CJK SC", "Songti SC", SimSun, serif; color: #000 }
      table { border-collapse: collapse; width: 100%; font-size: 10pt }
      thead { display: table-header-group }
      tr { break-inside: avoid }
      th, td { border: 0.5pt solid #000; padding: 1mm 2mm; text-align: left }
      td.n { text-align: right; font-variant-numeric: tabular-nums }
      footer { margin-top: 8mm; font-size: 8pt; overflow-wrap: anywhere }
      </style></head><body>
      <h1>\(Self.escaped(heading))</h1>
      <p>\(Self.escaped(scheme.titleEN)), version \(run.schemeVersion). \(Self.escaped(kind))</p>
      \(tables)
      <footer>
      <p>runs/\(run.id), \(run.state.rawValue). Inputs SHA-256 \(run.digest). Results SHA-256 \(run.resultDigest).
      Policy packs \(Self.escaped(run.policyDigest)). Engine \(Self.escaped(run.engineVersion)).</p>
      \(correction)</footer>
      </body></html>

      """
  }

  private var kind: String {
    switch try? run.kind() {
    case .monthlyBulletin: "月度通报 · monthly bulletin"
    case .quarterlyRanking: "季度排名 · quarterly ranking"
    case .annualAppraisal: "年度考核 · annual appraisal"
    case nil: ""
    }
  }

  private var correction: String {
    guard let reason = run.correctionReason else { return "" }
    let other = run.supersedes.map { "corrects runs/\($0)" } ?? run.supersededBy.map { "corrected by runs/\($0)" } ?? ""
    return "<p>\(Self.escaped("\(other): \(reason)"))</p>\n"
  }

  private var tables: String {
    evaluation.tables.map { table in
      """
      <h2>\(Self.escaped(table.name))</h2>
      <table><thead><tr><th>名次 Rank</th><th>机构 Institution</th><th>总分 Total</th><th>常规 Regular</th><th>加分 Bonus</th><th>等级 Grade</th></tr></thead><tbody>
      \(table.rows.map(line).joined(separator: "\n"))
      </tbody></table>
      """
    }.joined(separator: "\n")
  }

  private func line(_ row: ScoreRow) -> String {
    let name = Self.escaped(row.title)
    if row.rank == 0 {
      return "<tr><td class=\"n\">–</td><td>\(name)</td><td colspan=\"4\">\(Self.escaped(row.outsideReason))</td></tr>"
    }
    let numbers = [row.total, row.regular, row.bonus].map { "<td class=\"n\">\(Points.text($0))</td>" }.joined()
    return "<tr><td class=\"n\">\(row.rank)</td><td>\(name)</td>\(numbers)<td>\(Self.escaped(row.grade))</td></tr>"
  }

  /// Titles and reasons come from outside.
  static func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
