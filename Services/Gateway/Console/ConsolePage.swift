import Protos

/// The console's one page: plain HTML and inline style, no script, readable on a phone.
package struct ConsolePage {
  private let overview: ConsoleOverview

  package init(_ overview: ConsoleOverview) { self.overview = overview }

  package func html() -> String {
    """
    <!doctype html>
    <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>惠融 Huirong</title><style>\(Self.style)</style></head><body>
    <header><h1>惠融 <span>Huirong</span></h1><p>普惠金融一本账 · where demands, money and rankings stand</p></header>
    <main>\(funnel())\(rates())\(funds())\(facilities())\(ranking())\(shelf())</main>
    <footer>JSON: <a href="/v1/rpc">/v1/rpc</a> · journeys: <a href="/v1/journeys">/v1/journeys</a></footer>
    </body></html>
    """
  }

  // MARK: Sections

  private static let stages: [(Huirong_Demand_V1_DemandState, String, String)] = [
    (.submitted, "已提交", "submitted"), (.assessed, "已评判", "assessed"), (.pushed, "已推送", "pushed"),
    (.claimed, "已认领", "claimed"), (.offered, "已报价", "offered"), (.signed, "已签约", "signed"),
    (.disbursed, "已放款", "disbursed"), (.closed, "已销号", "closed"),
  ]
  private static let asides: [(Huirong_Demand_V1_DemandState, String, String)] = [
    (.hard, "难投", "hard"), (.declined, "已谢绝", "declined"), (.withdrawn, "已撤回", "withdrawn"),
    (.expired, "已到期", "expired"),
  ]

  private func funnel() -> String {
    guard let demands = overview.demands else { return section("融资需求 Demands", absent("demand")) }
    let reached = Dictionary(
      demands.total.reached.map { ($0.state, $0.count) }, uniquingKeysWith: { first, _ in first })
    let current = Dictionary(
      demands.total.current.map { ($0.state, $0.count) }, uniquingKeysWith: { first, _ in first })
    let most = max(reached.values.max() ?? 0, 1)
    let bars = Self.stages.map { state, chinese, english in
      let count = reached[state] ?? 0
      return """
        <div class="bar"><label>\(chinese) <small>\(english)</small></label>
        <div class="track"><i style="width:\(count * 100 / most)%"></i></div><b>\(grouped(count))</b></div>
        """
    }.joined()
    let rest = Self.asides.map { state, chinese, english in
      "<span class=\"chip\">\(chinese) <small>\(english)</small> <b>\(grouped(current[state] ?? 0))</b></span>"
    }.joined()
    return section("融资需求 Demands ever at each stage", "\(bars)<p>\(rest)</p>")
  }

  private func rates() -> String {
    guard let demands = overview.demands else { return "" }
    let rows = demands.total.amounts.map { sum in
      row([
        escaped(sum.currencyCode), money(sum.wanted.minorUnits), money(sum.granted.minorUnits),
        money(sum.signed.minorUnits),
        money(sum.disbursed.minorUnits), sum.hasGrantedRate ? percent(sum.grantedRate.ppm) : "–",
        sum.hasDisbursedRate ? percent(sum.disbursedRate.ppm) : "–",
      ])
    }
    return section(
      "金额 Amounts",
      table(["币种", "需求 wanted", "授信 granted", "签约 signed", "到位 disbursed", "授信率", "资金到位率"], rows))
  }

  private func funds() -> String {
    let rows = overview.pools.map { pool in
      row([
        escaped(pool.displayName), escaped(pool.currencyCode), money(pool.seedCapital.minorUnits),
        money(pool.cash.minorUnits),
        money(pool.netAssets.minorUnits), money(pool.guaranteeLiability.minorUnits),
      ]) + ConsoleTrace(sources: pool.sources, citations: []).row(across: 6)
    }
    return section(
      "资金池 Pools",
      rows.isEmpty
        ? absent("fund")
        : table(["资金池", "币种", "注资 seed", "现金 cash", "净资产 net assets", "在保责任 liability"], rows))
  }

  private func facilities() -> String {
    let rows = overview.facilities.map { facility in
      let tripped = facility.breaker == .tripped
      return row([
        escaped(facility.displayName), escaped(facility.bank), money(facility.limit.minorUnits),
        money(facility.liabilityInForce.minorUnits), money(facility.liabilityReserved.minorUnits),
        facility.hasClaimRate ? percent(facility.claimRate.ppm) : "–", percent(facility.claimRateCap.ppm),
        tripped ? "<b class=\"bad\">熔断 tripped</b>" : "<span class=\"good\">正常 open</span>",
      ]) + ConsoleTrace(sources: facility.sources, citations: facility.citations).row(across: 8)
    }
    return rows.isEmpty
      ? ""
      : section(
        "担保额度 Facilities",
        table(["额度", "银行", "限额 limit", "在保 in force", "预留 reserved", "代偿率", "上限 cap", "状态"], rows))
  }

  private func ranking() -> String {
    guard let run = overview.run else { return section("评价 Ranking", absent("evaluation")) }
    let rows = overview.rankings.map { ranking in
      row([
        "\(ranking.rank)", escaped(ranking.title.isEmpty ? ranking.institutionID : ranking.title),
        points(ranking.totalMicroPoints), escaped(ranking.grade),
      ])
    }
    return section(
      "评价 Ranking · \(escaped(run.scheme)) · \(escaped(run.period))", table(["名次", "机构", "得分", "等级"], rows))
  }

  private func shelf() -> String {
    let titles = overview.products.prefix(60).map { product in
      "<span class=\"chip\">\(escaped(product.title.zh))</span>"
    }.joined()
    return section("产品超市 Products · \(overview.products.count)", "<p>\(titles)</p>")
  }

  // MARK: Pieces

  private func points(_ microPoints: Int64) -> String {
    let hundredths = microPoints / 10_000
    let fraction = hundredths.magnitude % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private func section(_ title: String, _ content: String) -> String {
    "<section><h2>\(title)</h2>\(content)</section>"
  }

  private func absent(_ service: String) -> String { "<p class=\"absent\">no data from the \(service) service</p>" }

  private func row(_ cells: [String]) -> String { "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>" }

  private func table(_ header: [String], _ rows: [String]) -> String {
    let head = header.map { "<th>\($0)</th>" }.joined()
    return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\(rows.joined())</tbody></table></div>"
  }

  private static let style = """
    :root{--ink:#1d2530;--soft:#66717f;--line:#e3e7ec;--accent:#0f766e;--page:#f5f7f9}
    *{box-sizing:border-box}body{margin:0;font:15px/1.55 system-ui,"Noto Sans CJK SC","PingFang SC",sans-serif;color:var(--ink);
    background:var(--page)}header,main,footer{max-width:1080px;margin:auto;padding:0 20px}header{padding-top:28px}
    h1{margin:0;font-size:30px}h1 span{color:var(--accent);font-weight:500}header p{margin:2px 0 18px;color:var(--soft)}
    section{background:#fff;border:1px solid var(--line);border-radius:10px;padding:16px 20px;margin:0 0 16px}
    h2{font-size:16px;margin:0 0 12px}.bar{display:grid;grid-template-columns:150px 1fr 80px;gap:12px;align-items:center;margin:4px 0}
    .bar label small,.chip small{color:var(--soft)}.track{background:var(--page);border-radius:5px;height:16px;overflow:hidden}
    .track i{display:block;height:100%;background:var(--accent);border-radius:5px}.bar b{text-align:right;font-variant-numeric:tabular-nums}
    .chip{display:inline-block;background:var(--page);border:1px solid var(--line);border-radius:14px;padding:1px 11px;margin:3px 6px 3px 0}
    .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    th,td{text-align:right;padding:6px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
    th{color:var(--soft);font-weight:500;font-size:13px}th:first-child,td:first-child{text-align:left}
    .why td{text-align:left;white-space:normal;padding-top:0;color:var(--soft);font-size:13px}.why ul{margin:4px 0;padding-left:18px}
    .good{color:var(--accent)}.bad{color:#b42318}.absent{color:var(--soft)}footer{color:var(--soft);padding-bottom:30px}a{color:var(--accent)}
    """
}
