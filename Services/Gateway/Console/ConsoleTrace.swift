import Protos

/// Where the figures of a row come from: the accounts whose postings make them, and the rules with their articles.
struct ConsoleTrace {
  let sources: [Huirong_Fund_V1_FigureSource]
  let citations: [Huirong_Common_V1_Citation]

  /// A row of its own below the figures, folded up until somebody asks.
  func row(across columns: Int) -> String {
    if sources.isEmpty && citations.isEmpty {
      return why(columns, "<span class=\"absent\">出处不明 the service names no source</span>")
    }
    let items = sources.map(item) + citations.map(item)
    return why(
      columns, "<details><summary>出处 Where from</summary><ul>\(items.joined())</ul></details>")
  }

  private func why(_ columns: Int, _ content: String) -> String {
    "<tr class=\"why\"><td colspan=\"\(columns)\">\(content)</td></tr>"
  }

  private func item(_ source: Huirong_Fund_V1_FigureSource) -> String {
    let figures = source.figures.map(escaped).joined(separator: ", ")
    let accounts = source.accounts.map { "<code>\(escaped($0))</code>" }.joined(separator: ", ")
    return "<li>\(figures): \(escaped(source.measure)) · \(accounts)</li>"
  }

  private func item(_ rule: Huirong_Common_V1_Citation) -> String {
    let quote = rule.quote.isEmpty ? "" : " “\(escaped(rule.quote))”"
    return "<li>\(escaped(rule.document)) \(escaped(rule.article))\(quote) · <code>\(escaped(rule.ruleID))</code></li>"
  }
}
