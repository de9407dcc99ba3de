import Foundation
import Kernel
import Protos

/// What the demonstration did, for a reader who has never seen the suite.
struct DemoReport {
  let book: SBABook
  var products: DemoProducts.Loaded?
  var summary: Huirong_Fund_V1_BookSummary?
  var ranked: DemoEvaluation.Ranked?
  var journeys: DemoJourneys.Result?
  var claims: [Huirong_Fund_V1_Guarantee] = []
  var bridges: [Huirong_Fund_V1_BridgeLoan] = []
  var feeds: Huirong_Evaluation_V1_FeedStatus?
  var pools: [Huirong_Fund_V1_Pool] = []
  var figures: Huirong_Demand_V1_RegionSummary?
  var verification: SuiteVerification?

  init(book: SBABook) { self.book = book }

  /// The publisher's control totals: whole dollars, loans and banks.
  private static let controls: [(String, Int64)] = [
    ("gross approval, US$", 2_304_774_374), ("guaranteed, US$", 1_630_745_013), ("charged off, US$", 221_013_669),
    ("disbursed, US$", 2_482_186_112), ("lending banks", 1_287), ("charged off, loans", 4_099),
    ("paid in full, loans", 15_817),
  ]

  private var measured: [Int64] {
    guard let summary else { return [] }
    let totals = summary.totals
    return [
      totals.grossApprovalMinor / 100, totals.guaranteedMinor / 100, totals.chargedOffMinor / 100,
      totals.disbursedMinor / 100,
      summary.lenders, totals.chargedOff, totals.paidInFull,
    ]
  }

  /// Control totals met, chains intact, books balanced, at least one claim and one bridge loan.
  var isSound: Bool {
    zip(Self.controls.map(\.1), measured).allSatisfy { $0 == $1 } && measured.count == Self.controls.count
      && verification?.isSound == true && !claims.isEmpty && !bridges.isEmpty
  }

  func text(elapsed: Duration, stopped: [String]) -> String {
    var parts = [productText, bookText, journeyText, instrumentText, poolText, rankingText, verificationText]
    parts.append(
      stopped.isEmpty ? "All five processes drained and stopped." : "Stopping: " + stopped.joined(separator: "; "))
    parts.append("\(isSound ? "Everything holds" : "SOMETHING DOES NOT HOLD"); \(elapsed.components.seconds) s in all.")
    return "\n" + parts.joined(separator: "\n\n")
  }

  private var productText: String {
    let loaded = products ?? .init()
    let head = "Catalog: \(loaded.institutions) institutions, \(loaded.products) products as the documents state them"
    return ([head] + loaded.refused.map { "  refused: \($0)" }).joined(separator: "\n")
  }

  private var bookText: String {
    var table = Table([("Guarantee book of the fund", .left), ("ledger", .right), ("published", .right), ("", .left)])
    for ((name, published), ledger) in zip(Self.controls, measured) {
      table.add(name, ledger.grouped, published.grouped, ledger == published ? "equal" : "DIFFERS")
    }
    let totals = summary?.totals ?? .init()
    let findings = (summary?.findings ?? []).map { "\($0.finding) \($0.rows)" }.joined(separator: ", ")
    return table.rendered() + "\n  posted \(totals.posted.grouped), in part \(totals.postedInPart.grouped), "
      + "parked \(totals.parked.grouped), refused \((summary?.refused ?? 0).grouped); dirt found: \(findings)"
  }

  private var journeyText: String {
    guard let journeys else { return "" }
    var table = Table([("Journeys end as", .left), ("count", .right)])
    for (state, count) in journeys.states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      table.add("\(state)", Int64(count).grouped)
    }
    var lines = [table.rendered()]
    let guarantees = journeys.guarantees.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key)" }
    lines.append("  their guarantees: \(guarantees.joined(separator: ", "))")
    if !journeys.refusals.isEmpty {
      lines.append(
        "  refused at signature: " + journeys.refusals.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", "))
    }
    for sum in figures?.amounts ?? [] {
      lines.append(
        "  \(sum.currencyCode) wanted \(sum.wanted.minorUnits.asMoney), signed \(sum.signed.minorUnits.asMoney), "
          + "授信率 \(Rate(ppm: sum.grantedRate.ppm)), 资金到位率 \(Rate(ppm: sum.disbursedRate.ppm))")
    }
    if let hard = journeys.firstHard { lines.append(explanation(of: hard)) }
    return lines.joined(separator: "\n")
  }

  /// One 难投 explained: what failed, on which article, and what would change it.
  private func explanation(of demand: Huirong_Demand_V1_Demand) -> String {
    let failed = demand.assessment.rules.filter { $0.outcome == .fail }
    let reasons = failed.map { rule in
      let citation = rule.citations.first.map { "（\($0.document) \($0.article)）" } ?? ""
      let remedy = rule.remedies.first.map { "；\($0.explanation)" } ?? ""
      return "    \(rule.explanation)\(citation)\(remedy)"
    }
    return "  难投讲清, for example \(demand.name):\n" + reasons.joined(separator: "\n")
  }

  private var instrumentText: String {
    let claimed = claims.map {
      "  代偿 \($0.name): paid \($0.claim.payout.minorUnits.asMoney) of \($0.claim.principal.minorUnits.asMoney), recovered \($0.claim.recovered.minorUnits.asMoney)"
    }
    let bridged = bridges.map { loan in
      let rule = loan.citations.first { $0.ruleID.contains("fee") }.map { " (\($0.ruleID))" } ?? ""
      return
        "  转贷 \(loan.name): \(loan.amount.minorUnits.asMoney), fee \(loan.fee.minorUnits.asMoney)\(rule), \(loan.state)"
    }
    return (["Claims and bridge loans"] + claimed + bridged).joined(separator: "\n")
  }

  private var poolText: String {
    var table = Table([
      ("Pools", .left), ("", .left), ("seed", .right), ("cash", .right), ("net assets", .right), ("liability", .right),
    ])
    for pool in pools {
      table.add(
        pool.displayName, pool.currencyCode, pool.seedCapital.minorUnits.asMoney, pool.cash.minorUnits.asMoney,
        pool.netAssets.minorUnits.asMoney, pool.guaranteeLiability.minorUnits.asMoney)
    }
    return table.rendered()
  }

  private var rankingText: String {
    guard let ranked else { return "" }
    let inside = ranked.rankings.filter { $0.rank > 0 }.sorted {
      ($0.rank, $0.institutionID) < ($1.rank, $1.institutionID)
    }
    func table(_ title: String, _ rows: some Sequence<Huirong_Evaluation_V1_Ranking>) -> String {
      var table = Table([("", .right), (title, .left), ("points", .right), ("grade", .left)])
      for row in rows { table.add("\(row.rank)", row.title, Self.points(row.totalMicroPoints), row.grade) }
      return table.rendered()
    }
    let digest = ranked.run.digest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return """
      Evaluation of \(book.banks.count) lenders over all years of the book: \(inside.count) ranked, \
      \(ranked.rankings.count - inside.count) outside the table, digest \(digest)…
      \(table("first ten", inside.prefix(10)))
      \(table("last ten", inside.suffix(10)))
      """
  }

  private static func points(_ microPoints: Int64) -> String { (microPoints / 10_000).asMoney }

  private var verificationText: String {
    let followed = (feeds?.sources ?? []).map { "\($0.source) \($0.appliedSequence.grouped)" }.joined(separator: ", ")
    return ["Proof"].joined() + "\n" + (verification?.lines ?? []).joined(separator: "\n")
      + "\n  evaluation has counted every event: \(followed)"
  }
}
