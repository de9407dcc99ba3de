package import Kernel

/// How one score came about, down to the facts. Everything in it was computed with the score itself; here it is put into
/// words, when someone asks.
package struct ScoreExplanation: Sendable {
  package struct Input: Sendable {
    package var indicator: Indicator
    package var period: Period
    package var value: ValueResolver.Value
    package var sources: [String]
  }
  package struct Peers: Sendable {
    package var count: Int
    package var best: Int64
    package var worst: Int64
    package var sum: Int128
    package var place: Int
  }
  package struct Node: Sendable {
    package var path: String
    package var titleZH: String
    package var titleEN: String
    package var weightPPM: Int64
    package var points: Int64
    package var formula: String
    package var inputs: [Input]
    package var peers: Peers?
    package var citation: RuleCitation?
    package var gate: String
  }
  package var row: ScoreRow
  package var nodes: [Node]
  package var steps: [String]
  package var gates: [String]
}

/// Micro-points as people read them.
package enum Points {
  /// `-12.345`: trailing zeros of the six decimals are dropped.
  package static func text(_ microPoints: Int64) -> String {
    let magnitude = microPoints.magnitude
    var text = "\(microPoints < 0 ? "-" : "")\(magnitude / 1_000_000)"
    var fraction = String(magnitude % 1_000_000 + 1_000_000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    if !fraction.isEmpty { text += ".\(fraction)" }
    return text
  }
}

extension Evaluation {
  /// - Throws: `RESOURCE_NOT_FOUND` when the institution is not part of the run.
  package func explain(_ institutionID: String) throws(DomainError) -> ScoreExplanation {
    guard let place = places[institutionID] else { throw .notFound("institutions/\(institutionID)") }
    let table = tables[place.table]
    return try Explainer(
      evaluation: self, table: table, row: table.rows[place.row], institution: place.institution
    ).explanation()
  }
}

private struct Explainer {
  let evaluation: Evaluation
  let table: EvaluatedTable
  let row: ScoreRow
  let institution: Int

  private var grid: ValueGrid { evaluation.grid }
  private var scheme: Scheme { evaluation.compiled.scheme }

  func explanation() throws(DomainError) -> ScoreExplanation {
    var nodes: [ScoreExplanation.Node] = []
    for (index, node) in evaluation.compiled.nodes.enumerated() {
      nodes.append(try explain(node, points: score(index)))
    }
    for (index, bonus) in scheme.bonuses.enumerated() {
      nodes.append(try explain(bonus, points: score(evaluation.compiled.nodes.count + index)))
    }
    return ScoreExplanation(row: row, nodes: nodes, steps: steps(), gates: trippedGates())
  }

  private func score(_ index: Int) -> Int64 { index < row.nodeScores.count ? row.nodeScores[index] : 0 }

  private func explain(_ node: CompiledScheme.Node, points: Int64) throws(DomainError) -> ScoreExplanation.Node {
    let definition = node.definition
    var result = ScoreExplanation.Node(
      path: node.path, titleZH: definition.titleZH, titleEN: definition.titleEN, weightPPM: definition.weightPPM,
      points: points, formula: "", inputs: [], peers: nil, citation: definition.citation,
      gate: zeroingGate(node.path) ?? "")
    switch definition.content {
    case .dimension:
      result.formula =
        "Σ "
        + node.children.map { child in
          "\(Points.text(score(child))) × \(Rate(ppm: evaluation.compiled.nodes[child].definition.weightPPM))"
        }.joined(separator: " + ")
    case .leaf(_, .composite(let parts), _):
      var terms: [String] = []
      for part in parts {
        result.inputs += inputs(part.indicatorID, part.function)
        terms.append("\(Rate(ppm: part.weightPPM)) × (\(try formula(part.indicatorID, part.function)))")
      }
      result.formula = terms.joined(separator: " + ")
    case .leaf(let id, let function, _):
      result.inputs = inputs(id ?? "", function)
      result.formula = try formula(id ?? "", function)
      result.peers = peers(id ?? "", function)
    }
    return result
  }

  private func explain(_ bonus: Bonus, points: Int64) throws(DomainError) -> ScoreExplanation.Node {
    ScoreExplanation.Node(
      path: "bonus/\(bonus.id)", titleZH: bonus.titleZH, titleEN: bonus.titleEN, weightPPM: 0, points: points,
      formula: "at most \(Points.text(bonus.cap)): \(try formula(bonus.indicatorID, bonus.function))",
      inputs: inputs(bonus.indicatorID, bonus.function), peers: peers(bonus.indicatorID, bonus.function),
      citation: bonus.citation, gate: "")
  }

  private func inputs(_ id: String, _ function: ScoringFunction) -> [ScoreExplanation.Input] {
    var inputs: [ScoreExplanation.Input] = []
    for id in [id] + function.furtherIndicators {
      guard let indicator = grid.indicators[id] else { continue }
      inputs.append(
        ScoreExplanation.Input(
          indicator: indicator, period: grid.input.scope.period, value: grid.value(id, institution),
          sources: grid.sources(id, institution)))
    }
    return inputs
  }

  private func peers(_ id: String, _ function: ScoringFunction) -> ScoreExplanation.Peers? {
    guard function.looksAtPeers, let index = grid.index(id), table.peers[index].count > 0 else { return nil }
    let statistics = table.peers[index]
    return ScoreExplanation.Peers(
      count: statistics.count, best: statistics.best, worst: statistics.worst, sum: statistics.sum,
      place: table.place(column: index, of: institution))
  }

  private func formula(_ id: String, _ function: ScoringFunction) throws(DomainError) -> String {
    let subjects = SubjectColumn(id, function, grid: grid, peers: table.peers)
    guard let subject = subjects?.subject(institution) else { return "no value: 0 points" }
    if row.rank == 0 { return "outside the table" }
    return "\(function.formula(subject)) = \(Points.text(try function.score(subject)))"
  }

  private func zeroingGate(_ path: String) -> String? {
    scheme.gates.first { gate in
      gate.effect == .zeroNode(path: path) && gate.trips(grid.number(gate.indicatorID, institution))
    }?.id
  }

  private func trippedGates() -> [String] {
    scheme.gates.compactMap { gate in
      guard let value = grid.number(gate.indicatorID, institution), gate.trips(value) else { return nil }
      let effect = gate.effect.canonical
      return "\(gate.id): \(gate.indicatorID) \(value) \(gate.comparison.rawValue) \(gate.bound), \(effect)"
    }
  }

  private func steps() -> [String] {
    if row.rank == 0 { return ["outside the table: \(row.outsideReason)"] }
    let roots = evaluation.compiled.roots.map { root in
      "\(Points.text(score(root))) × \(Rate(ppm: evaluation.compiled.nodes[root].definition.weightPPM))"
    }
    var steps = ["regular = \(roots.joined(separator: " + ")) = \(Points.text(row.regular))"]
    if !scheme.bonuses.isEmpty {
      steps.append("bonus = \(Points.text(row.bonus)), at most \(Points.text(scheme.bonusCap ?? 0))")
    }
    let lower = scheme.totalFloor.map { ", at least \(Points.text($0))" } ?? ""
    let upper = scheme.totalCap.map { ", at most \(Points.text($0))" } ?? ""
    steps.append(
      "total = regular + bonus\(lower)\(upper), rounded to \(scheme.decimals) decimals = \(Points.text(row.total))")
    if let minimum = scheme.regularMinimum, row.regular < minimum {
      steps.append("regular < \(Points.text(minimum)): grade \(row.grade) whatever the bonus")
    } else if !row.grade.isEmpty {
      steps.append("grade \(row.grade)")
    }
    return steps
  }
}
