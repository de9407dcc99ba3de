package import Kernel

/// Scores and ranks the institutions of one table, column by column: what a node of the scheme says is looked up once and
/// not for every institution.
struct TableEvaluator {
  private let name: String
  private let grid: ValueGrid
  private let compiled: CompiledScheme
  /// Institutions in the run's order.
  private let members: [Int]
  private let inside: [Int]
  private let outside: [(institution: Int, reason: String)]
  private let peers: [PeerStatistics]

  private var scheme: Scheme { compiled.scheme }

  /// - Parameter members: indexes of the table's institutions in the run's order.
  init(name: String, members: [Int], grid: ValueGrid, compiled: CompiledScheme) throws(DomainError) {
    self.name = name
    self.members = members
    self.grid = grid
    self.compiled = compiled
    let entry = TableEntry(grid: grid, compiled: compiled)
    var inside: [Int] = []
    var outside: [(institution: Int, reason: String)] = []
    for member in members {
      if let reason = try entry.reasonOutside(member) {
        outside.append((member, reason))
      } else {
        inside.append(member)
      }
    }
    self.inside = inside
    self.outside = outside
    // Who is inside is settled before any peer is looked at: an institution outside is nobody's peer.
    peers = grid.columns.map { column in
      PeerStatistics(values: inside.compactMap(column.number), direction: column.direction)
    }
  }

  /// - Parameter isExplained: whether every value's place among its peers is wanted too.
  func table(isExplained: Bool = true) throws(DomainError) -> EvaluatedTable {
    let scores = try scores()
    var regular = try weighted(compiled.roots, scores)
    for position in tripped(.zeroNode(path: "")) { regular[position] = 0 }
    let bonuses = try bonuses()
    let worst = Set(tripped(.worstGrade))
    var rows: [ScoreRow] = []
    rows.reserveCapacity(inside.count + outside.count)
    for (position, institution) in inside.enumerated() {
      let bonus = bonuses.sums[position]
      let total = try scheme.publishedTotal(regular: regular[position], bonus: bonus)
      rows.append(
        ScoreRow(
          institutionID: grid.input.institutions[institution].id, title: grid.input.institutions[institution].title,
          table: name, rank: 0, total: total, regular: regular[position], bonus: bonus,
          grade: scheme.grade(total: total, regular: regular[position], vetoed: worst.contains(position)),
          outsideReason: "", nodeScores: scores.map { $0[position] } + bonuses.scores.map { $0[position] }))
    }
    let places = Ranking.rank(rows.map(\.total), of: inside, rule: scheme.tieRule, grid: grid)
    let ranked = places.map { place in
      var row = rows[place.position]
      row.rank = place.rank
      return row
    }
    let excluded = outside.map { entry in
      ScoreRow(
        institutionID: grid.input.institutions[entry.institution].id,
        title: grid.input.institutions[entry.institution].title, table: name, rank: 0, total: 0, regular: 0, bonus: 0,
        grade: "", outsideReason: entry.reason, nodeScores: [])
    }
    return EvaluatedTable(
      name: name, rows: ranked + excluded, peers: peers, members: members,
      places: isExplained ? valuePlaces() : [])
  }

  /// Every node's scores, in the order of the institutions inside.
  private func scores() throws(DomainError) -> [[Int64]] {
    var scores = [[Int64]](repeating: [], count: compiled.nodes.count)
    for index in compiled.nodes.indices.reversed() {
      let node = compiled.nodes[index]
      let zeroed = Set(tripped(.zeroNode(path: node.path)))
      switch node.definition.content {
      case .dimension:
        scores[index] = try weighted(node.children, scores)
        for position in zeroed { scores[index][position] = 0 }
      case .leaf(let id, let function, _): scores[index] = try leaf(id, function, except: zeroed)
      }
    }
    return scores
  }

  /// Positions of those for whom a gate of that effect trips.
  private func tripped(_ effect: Gate.Effect) -> [Int] {
    var positions: [Int] = []
    for gate in scheme.gates where gate.effect == effect {
      guard let column = grid.index(gate.indicatorID).map({ grid.columns[$0] }) else { continue }
      positions += inside.indices.filter { gate.trips(column.number(inside[$0])) }
    }
    return positions
  }

  /// Σ score × weight ÷ 1 000 000, rounded once per node.
  private func weighted(_ children: [Int], _ scores: [[Int64]]) throws(DomainError) -> [Int64] {
    let weights = children.map { Int128(compiled.nodes[$0].definition.weightPPM) }
    var result = [Int64](repeating: 0, count: inside.count)
    for position in inside.indices {
      var sum: Int128 = 0
      for (child, weight) in zip(children, weights) { sum += Int128(scores[child][position]) * weight }
      result[position] = try ExactRatio.round(sum, dividedBy: Int128(SchemeValidation.weightSum))
    }
    return result
  }

  private func leaf(
    _ id: String?, _ function: ScoringFunction, except zeroed: Set<Int>
  ) throws(DomainError) -> [Int64] {
    guard case .composite(let parts) = function else { return try points(id ?? "", function, except: zeroed) }
    var sums = [Int128](repeating: 0, count: inside.count)
    for part in parts {
      let points = try points(part.indicatorID, part.function, except: zeroed)
      for position in sums.indices { sums[position] += Int128(points[position]) * Int128(part.weightPPM) }
    }
    var result = [Int64](repeating: 0, count: inside.count)
    for position in sums.indices {
      result[position] = try ExactRatio.round(sums[position], dividedBy: Int128(SchemeValidation.weightSum))
    }
    return result
  }

  /// One function's points; without a value whoever is inside scores zero.
  private func points(
    _ id: String, _ function: ScoringFunction, except zeroed: Set<Int> = []
  ) throws(DomainError) -> [Int64] {
    var result = [Int64](repeating: 0, count: inside.count)
    guard let subjects = SubjectColumn(id, function, grid: grid, peers: peers) else { return result }
    for (position, institution) in inside.enumerated() where zeroed.isEmpty || !zeroed.contains(position) {
      if let subject = subjects.subject(institution) { result[position] = try function.score(subject) }
    }
    return result
  }

  /// Each bonus by itself, and what they come to under their common cap.
  private func bonuses() throws(DomainError) -> (scores: [[Int64]], sums: [Int64]) {
    var scores: [[Int64]] = []
    var sums = [Int128](repeating: 0, count: inside.count)
    for rule in scheme.bonuses {
      let points = try points(rule.indicatorID, rule.function).map { min($0, rule.cap) }
      for position in sums.indices { sums[position] += Int128(points[position]) }
      scores.append(points)
    }
    var capped: [Int64] = []
    capped.reserveCapacity(sums.count)
    for sum in sums {
      capped.append(try ExactRatio.round(scheme.bonusCap.map { min(sum, Int128($0)) } ?? sum, dividedBy: 1))
    }
    return (scores, capped)
  }

  private func valuePlaces() -> [[Int32]] {
    let compared = Set(compiled.comparedIndicatorIDs.compactMap(grid.index))
    return grid.columns.indices.map { index in
      guard compared.contains(index), peers[index].count > 0 else { return [] }
      return members.map { institution in
        grid.columns[index].number(institution).map { Int32(peers[index].place($0)) } ?? 0
      }
    }
  }
}

extension Gate {
  /// Without a value a gate does not trip.
  package func trips(_ value: Int64?) -> Bool { value.map { comparison.holds($0, bound) } ?? false }
}

/// What a function looks at, for any institution.
struct SubjectColumn {
  private let value: ValueGrid.Column
  private let peers: PeerStatistics
  private let target: ValueGrid.Column?
  private let increment: ValueGrid.Column?

  /// `nil` when the run has none of it.
  /// - Parameter peers: in the order of the grid's columns.
  init?(_ id: String, _ function: ScoringFunction, grid: ValueGrid, peers: [PeerStatistics]) {
    guard let index = grid.index(id) else { return nil }
    value = grid.columns[index]
    self.peers = peers[index]
    var target: ValueGrid.Column?
    var increment: ValueGrid.Column?
    switch function {
    case .attainment(let rule):
      if case .indicator(let id) = rule.target {
        guard let index = grid.index(id) else { return nil }
        target = grid.columns[index]
      }
    case .rankSteps(let rule):
      if let id = rule.incrementID {
        guard let index = grid.index(id) else { return nil }
        increment = grid.columns[index]
      }
    default: break
    }
    self.target = target
    self.increment = increment
  }

  /// `nil` when the institution has no value, no target or no increment for the function, or a target that is not more
  /// than 0.
  func subject(_ institution: Int) -> ScoringSubject? {
    guard let number = value.number(institution) else { return nil }
    var subject = ScoringSubject(value: number, direction: value.direction, peers: peers)
    if let target {
      guard let number = target.number(institution), number > 0 else { return nil }
      subject.target = number
    }
    if let increment {
      guard let number = increment.number(institution) else { return nil }
      subject.increment = number
    }
    return subject
  }
}

extension Scheme {
  /// Regular and bonus, bounded and rounded half away from zero to the scheme's decimals.
  package func publishedTotal(regular: Int64, bonus: Int64) throws(DomainError) -> Int64 {
    var total = Int128(regular) + Int128(bonus)
    if let totalCap { total = min(total, Int128(totalCap)) }
    if let totalFloor { total = max(total, Int128(totalFloor)) }
    var unit: Int128 = 1
    for _ in decimals..<6 { unit *= 10 }
    return try ExactRatio.round(Int128(try ExactRatio.round(total, dividedBy: unit)) * unit, dividedBy: 1)
  }

  package func grade(total: Int64, regular: Int64, vetoed: Bool) -> String {
    guard let worst = grades.last else { return "" }
    if vetoed { return worst.grade }
    if let regularMinimum, regular < regularMinimum { return worst.grade }
    for band in grades {
      guard let bound = band.lowerBound else { return band.grade }
      if total > bound || (band.inclusive && total == bound) { return band.grade }
    }
    return worst.grade
  }
}
