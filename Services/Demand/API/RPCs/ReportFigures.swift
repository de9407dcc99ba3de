import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func reportFigures(
    request: ServerRequest<Huirong_Demand_V1_ReportFiguresRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ReportFiguresResponse> {
    try await edge.unary(request, context) { message, call in
      try DemandScope.requireRegion(prefix: message.regionPrefix, field: "region_prefix", by: call.caller)
      let query = try FigureQuery(
        prefix: message.regionPrefix, dimension: FigureDimension(message.dimension, "dimension"),
        from: .optional(message.hasFromDate, message.fromDate, "from_date"),
        to: .optional(message.hasToDate, message.toDate, "to_date"))
      let figures = try await repository.figures(query)
      let content = message.format == .unspecified ? [] : try Self.table(figures).bytes(message.format)
      return .with {
        $0.asOfSequence = figures.sequence
        $0.rows = figures.rows.map(\.wire)
        $0.total = figures.total.wire
        $0.content = .init(content)
      }
    }
  }

  /// One line per value and currency, the total last; a value without an amount has one line.
  private static func table(_ figures: Figures) -> TextTable {
    var table = TextTable(
      ["key", "demands", "firms"] + DemandState.allCases.map { "reached_\($0.rawValue)" } + [
        "first_loans", "accepted", "accept_seconds", "decided", "decide_seconds", "missed_clocks", "contacted",
        "contact_seconds", "currency",
        "wanted_minor", "granted_minor", "signed_minor", "disbursed_minor", "granted_rate_ppm", "disbursed_rate_ppm",
      ])
    for row in figures.rows + [figures.total.named("total")] {
      let common =
        [row.key, String(row.demands), String(row.firms)]
        + DemandState.allCases.map { String(row.reached[$0] ?? 0) }
        + [
          row.firstLoans, row.accepted, row.acceptSeconds, row.decided, row.decideSeconds, row.missedClocks,
          row.contacted, row.contactSeconds,
        ].map { String($0) }
      if row.amounts.isEmpty { table.rows.append(common + Array(repeating: "", count: 7)) }
      for (currency, amount) in row.amounts.sorted(by: { $0.key.code < $1.key.code }) {
        let sums = [amount.wanted, amount.granted, amount.signed, amount.disbursed].map { String($0) }
        let rates = [amount.grantedRate, amount.disbursedRate].map { $0.map { String($0.ppm) } ?? "" }
        table.rows.append(common + [currency.code] + sums + rates)
      }
    }
    return table
  }
}

extension FigureRow {
  fileprivate func named(_ key: String) -> FigureRow {
    var row = self
    row.key = key
    return row
  }

  fileprivate var wire: Huirong_Demand_V1_FigureRow {
    .with {
      $0.key = key
      $0.demands = demands
      $0.firms = firms
      $0.reached = DemandTally.wireCounts(reached)
      $0.amounts = DemandTally.wireAmounts(amounts)
      $0.firstLoans = firstLoans
      $0.accepted = accepted
      $0.acceptSeconds = acceptSeconds
      $0.decided = decided
      $0.decideSeconds = decideSeconds
      $0.missedClocks = missedClocks
      $0.contacted = contacted
      $0.contactSeconds = contactSeconds
    }
  }
}
