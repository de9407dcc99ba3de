/// Places, best first.
package enum Ranking {
  /// Orders rows by total (and tie-breakers, where the rule has them), numbers them, and lists equals by id.
  package static func rank(
    _ rows: [(institution: Int, row: ScoreRow)], rule: TieRule, grid: ValueGrid
  ) -> [ScoreRow] {
    let breakers: [String]
    if case .tieBreakers(let ids) = rule { breakers = ids } else { breakers = [] }
    let ordered = rows.sorted { left, right in
      let order = compare(left, right, breakers, grid)
      return order != 0 ? order < 0 : left.row.institutionID < right.row.institutionID
    }
    var ranked: [ScoreRow] = []
    ranked.reserveCapacity(ordered.count)
    var rank = 0
    for (index, entry) in ordered.enumerated() {
      if index == 0 || compare(ordered[index - 1], entry, breakers, grid) != 0 {
        rank = rule == .dense ? rank + 1 : index + 1
      }
      var row = entry.row
      row.rank = rank
      ranked.append(row)
    }
    return ranked
  }

  /// Negative when `left` is better, zero when they share a place.
  private static func compare(
    _ left: (institution: Int, row: ScoreRow), _ right: (institution: Int, row: ScoreRow), _ breakers: [String],
    _ grid: ValueGrid
  ) -> Int {
    if left.row.total != right.row.total { return left.row.total > right.row.total ? -1 : 1 }
    for id in breakers {
      switch (grid.number(id, left.institution), grid.number(id, right.institution)) {
      case (let a?, let b?) where a != b:
        return (a > b) == (grid.direction(id) == .higherIsBetter) ? -1 : 1
      case (_?, nil): return -1
      case (nil, _?): return 1
      default: continue
      }
    }
    return 0
  }
}
