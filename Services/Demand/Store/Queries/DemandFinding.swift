import DemandDomain
import Kernel
import Storage

/// Full text: demands that have every pair of the words, then those that have the words themselves.
enum DemandFinding {
  private static let chunk: Int64 = 200

  static func find(_ search: DemandSearch, for caller: Caller, _ session: ReadSession) throws -> [Listed<Demand>] {
    let pairs = search.pairs
    guard let first = pairs.first else { return [] }
    var (conditions, arguments) = DemandListing.conditions(search.query)
    let others = pairs.dropFirst().map { _ in
      "EXISTS (SELECT 1 FROM demand_words o WHERE o.word = ? AND o.demand = w.demand)"
    }
    conditions = ["w.word = ?"] + others + conditions
    arguments = [.text(first)] + pairs.dropFirst().map(SQLValue.text) + arguments
    if let target = search.query.targetInstitution {
      conditions.append("EXISTS (SELECT 1 FROM demand_targets t WHERE t.organisation = ? AND t.demand = w.demand)")
      arguments.append(.text(target))
    }
    var after = search.query.after ?? 0
    var found: [Listed<Demand>] = []
    while found.count < search.query.limit {
      let heads = try session.query(
        """
        SELECT \(DemandRows.columns) FROM demand_words w CROSS JOIN demands d ON d.number = w.demand
        WHERE \(conditions.joined(separator: " AND ")) AND w.demand > ? ORDER BY w.demand LIMIT ?
        """, arguments + [.integer(after), .integer(chunk)], DemandRows.head)
      for head in heads {
        after = head.number
        let listed = try DemandRows.complete(head, session)
        // Only what the reader may see is searched: another institution's note does not give a demand away.
        guard let view = try? DemandScope.view(listed.item, for: caller), search.matches(view) else { continue }
        found.append(listed)
        if found.count == search.query.limit { break }
      }
      if heads.count < Int(chunk) { break }
    }
    return found
  }
}
