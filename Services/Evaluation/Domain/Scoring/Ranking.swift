/// Places, best first.
enum Ranking {
  /// One ranked institution.
  struct Place {
    /// Position among the totals.
    var position: Int
    var rank: Int
  }

  /// Orders totals (and tie-breakers, where the rule has them), numbers them, and lists equals by id.
  /// - Parameter institutions: whose total each is; the run's institutions are in the order of their ids.
  static func rank(_ totals: [Int64], of institutions: [Int], rule: TieRule, grid: ValueGrid) -> [Place] {
    var breakers: [ValueGrid.Column] = []
    if case .tieBreakers(let ids) = rule { breakers = ids.compactMap { grid.index($0).map { grid.columns[$0] } } }
    func compare(_ left: Int, _ right: Int) -> Int {
      if totals[left] != totals[right] { return totals[left] > totals[right] ? -1 : 1 }
      for column in breakers {
        switch (column.number(institutions[left]), column.number(institutions[right])) {
        case (let a?, let b?) where a != b: return (a > b) == (column.direction == .higherIsBetter) ? -1 : 1
        case (_?, nil): return -1
        case (nil, _?): return 1
        default: continue
        }
      }
      return 0
    }
    let ordered = totals.indices.sorted { left, right in
      let order = compare(left, right)
      return order != 0 ? order < 0 : institutions[left] < institutions[right]
    }
    var places: [Place] = []
    places.reserveCapacity(ordered.count)
    var rank = 0
    for (index, position) in ordered.enumerated() {
      if index == 0 || compare(ordered[index - 1], position) != 0 {
        rank = rule == .dense ? rank + 1 : index + 1
      }
      places.append(Place(position: position, rank: rank))
    }
    return places
  }
}
