package import Kernel

/// Scores and ranks the institutions of one table.
struct TableEvaluator {
  private let name: String
  private let grid: ValueGrid
  private let compiled: CompiledScheme
  private let inside: [Int]
  private let outside: [(institution: Int, reason: String)]
  private let peers: [String: PeerStatistics]

  private var scheme: Scheme { compiled.scheme }

  /// - Parameter members: indexes of the table's institutions in the run's order.
  init(name: String, members: [Int], grid: ValueGrid, compiled: CompiledScheme) throws(DomainError) {
    self.name = name
    self.grid = grid
    self.compiled = compiled
    var inside: [Int] = []
    var outside: [(institution: Int, reason: String)] = []
    for member in members {
      if let reason = try TableEntry.reasonOutside(member, grid: grid, compiled: compiled) {
        outside.append((member, reason))
      } else {
        inside.append(member)
      }
    }
    self.inside = inside
    self.outside = outside
    // Who is inside is settled before any peer is looked at: an institution outside is nobody's peer.
    var peers: [String: PeerStatistics] = [:]
    for id in compiled.scheme.indicatorIDs {
      peers[id] = PeerStatistics(values: inside.compactMap { grid.number(id, $0) }, direction: grid.direction(id))
    }
    self.peers = peers
  }

  func table() throws(DomainError) -> EvaluatedTable {
    var rows: [(institution: Int, row: ScoreRow)] = []
    for institution in inside { rows.append((institution, try score(institution))) }
    let ranked = Ranking.rank(rows, rule: scheme.tieRule, grid: grid)
    let excluded = outside.map { entry in
      ScoreRow(
        institutionID: grid.input.institutions[entry.institution].id,
        title: grid.input.institutions[entry.institution].title, table: name, rank: 0, total: 0, regular: 0, bonus: 0,
        grade: "", outsideReason: entry.reason, nodeScores: [])
    }
    return EvaluatedTable(name: name, rows: ranked + excluded, peers: peers)
  }

  private func score(_ institution: Int) throws(DomainError) -> ScoreRow {
    var scores = [Int64](repeating: 0, count: compiled.nodes.count)
    let zeroed = zeroedPaths(institution)
    for index in compiled.nodes.indices.reversed() {
      let node = compiled.nodes[index]
      if zeroed.contains(node.path) { continue }
      switch node.definition.content {
      case .dimension: scores[index] = try weighted(node.children, scores)
      case .leaf(let id, let function, _): scores[index] = try leaf(id, function, institution)
      }
    }
    let regular = zeroed.contains("") ? 0 : try weighted(compiled.roots, scores)
    var bonus: Int128 = 0
    for rule in scheme.bonuses {
      let points = min(try value(rule.indicatorID, rule.function, institution) ?? 0, rule.cap)
      scores.append(points)
      bonus += Int128(points)
    }
    if let cap = scheme.bonusCap { bonus = min(bonus, Int128(cap)) }
    let points = try ExactRatio.round(bonus, dividedBy: 1)
    let total = try scheme.publishedTotal(regular: regular, bonus: points)
    return ScoreRow(
      institutionID: grid.input.institutions[institution].id, title: grid.input.institutions[institution].title,
      table: name, rank: 0, total: total, regular: regular, bonus: points,
      grade: scheme.grade(total: total, regular: regular, vetoed: isVetoed(institution)), outsideReason: "",
      nodeScores: scores)
  }

  /// Σ score × weight ÷ 1 000 000, rounded once per node.
  private func weighted(_ children: [Int], _ scores: [Int64]) throws(DomainError) -> Int64 {
    var sum: Int128 = 0
    for child in children {
      sum += Int128(scores[child]) * Int128(compiled.nodes[child].definition.weightPPM)
    }
    return try ExactRatio.round(sum, dividedBy: Int128(SchemeValidation.weightSum))
  }

  private func leaf(_ id: String?, _ function: ScoringFunction, _ institution: Int) throws(DomainError) -> Int64 {
    guard case .composite(let parts) = function else {
      return try value(id ?? "", function, institution) ?? 0
    }
    var sum: Int128 = 0
    for part in parts {
      sum += Int128(try value(part.indicatorID, part.function, institution) ?? 0) * Int128(part.weightPPM)
    }
    return try ExactRatio.round(sum, dividedBy: Int128(SchemeValidation.weightSum))
  }

  /// `nil` without a value; whoever reaches this point then scores zero.
  private func value(_ id: String, _ function: ScoringFunction, _ institution: Int) throws(DomainError) -> Int64? {
    guard let subject = ScoringSubject(id, function, institution, grid: grid, peers: peers[id]) else { return nil }
    return try function.score(subject)
  }

  private func zeroedPaths(_ institution: Int) -> Set<String> {
    var paths: Set<String> = []
    for gate in scheme.gates {
      if case .zeroNode(let path) = gate.effect, gate.trips(grid.number(gate.indicatorID, institution)) {
        paths.insert(path)
      }
    }
    return paths
  }

  private func isVetoed(_ institution: Int) -> Bool {
    scheme.gates.contains { $0.effect == .worstGrade && $0.trips(grid.number($0.indicatorID, institution)) }
  }
}

extension Gate {
  /// Without a value a gate does not trip.
  package func trips(_ value: Int64?) -> Bool { value.map { comparison.holds($0, bound) } ?? false }
}

extension ScoringSubject {
  /// `nil` when the institution has no value, no target or no increment for the function, or a target that is not
  /// more than 0.
  package init?(
    _ id: String, _ function: ScoringFunction, _ institution: Int, grid: ValueGrid, peers: PeerStatistics?
  ) {
    guard let value = grid.number(id, institution) else { return nil }
    self.init(value: value, direction: grid.direction(id), peers: peers)
    switch function {
    case .attainment(let rule):
      if case .indicator(let target) = rule.target {
        guard let number = grid.number(target, institution), number > 0 else { return nil }
        self.target = number
      }
    case .rankSteps(let rule):
      if let incrementID = rule.incrementID {
        guard let number = grid.number(incrementID, institution) else { return nil }
        increment = number
      }
    default: break
    }
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
