package import Kernel

/// The difference of two totals, leaf by leaf.
package struct ScoreComparison: Sendable {
  package struct Leaf: Sendable, Hashable {
    package var path: String
    package var titleZH: String
    package var titleEN: String
    package var points: Int64
    package var otherPoints: Int64
    package var contribution: Int64
  }
  package var row: ScoreRow
  package var other: ScoreRow
  package var leaves: [Leaf]
  /// Roundings, bonus cap and bounds of the total: leaves and remainder add up to the difference exactly.
  package var remainder: Int64

  package var difference: Int64 { row.total - other.total }
}

extension Evaluation {
  /// - Parameter other: of the same scheme version.
  /// - Throws: `RESOURCE_NOT_FOUND`; `STATE_CONFLICT` when one of them is outside its table.
  package func compare(
    _ institutionID: String, with otherID: String, in other: Evaluation
  ) throws(DomainError) -> ScoreComparison {
    let left = try Side(self, institutionID, field: "institution_id")
    let right = try Side(other, otherID, field: "other_institution_id")
    var leaves: [ScoreComparison.Leaf] = []
    var explained: Int128 = 0
    for (index, node) in compiled.nodes.enumerated() where node.children.isEmpty {
      let contribution = try left.contribution(index) - right.contribution(index)
      leaves.append(
        ScoreComparison.Leaf(
          path: node.path, titleZH: node.definition.titleZH, titleEN: node.definition.titleEN,
          points: left.row.nodeScores[index], otherPoints: right.row.nodeScores[index], contribution: contribution))
      explained += Int128(contribution)
    }
    for (offset, bonus) in compiled.scheme.bonuses.enumerated() {
      let index = compiled.nodes.count + offset
      let (points, otherPoints) = (left.row.nodeScores[index], right.row.nodeScores[index])
      leaves.append(
        ScoreComparison.Leaf(
          path: "bonus/\(bonus.id)", titleZH: bonus.titleZH, titleEN: bonus.titleEN, points: points,
          otherPoints: otherPoints, contribution: points - otherPoints))
      explained += Int128(points) - Int128(otherPoints)
    }
    let difference = Int128(left.row.total) - Int128(right.row.total)
    return ScoreComparison(
      row: left.row, other: right.row, leaves: leaves,
      remainder: try ExactRatio.round(difference - explained, dividedBy: 1))
  }

  /// One line with the gates that set nodes of it to zero.
  private struct Side {
    let row: ScoreRow
    private let evaluation: Evaluation
    private let zeroed: Set<String>
    private let parents: [Int?]

    init(_ evaluation: Evaluation, _ institutionID: String, field: String) throws(DomainError) {
      guard let place = evaluation.places[institutionID] else { throw .notFound("institutions/\(institutionID)") }
      row = evaluation.tables[place.table].rows[place.row]
      guard row.rank > 0 else {
        throw DomainError(.stateConflict, "\(institutionID) is outside the table: \(row.outsideReason)", field: field)
      }
      self.evaluation = evaluation
      var zeroed: Set<String> = []
      for gate in evaluation.compiled.scheme.gates {
        if case .zeroNode(let path) = gate.effect,
          gate.trips(evaluation.grid.number(gate.indicatorID, place.institution))
        {
          zeroed.insert(path)
        }
      }
      self.zeroed = zeroed
      var parents = [Int?](repeating: nil, count: evaluation.compiled.nodes.count)
      for (index, node) in evaluation.compiled.nodes.enumerated() {
        for child in node.children { parents[child] = index }
      }
      self.parents = parents
    }

    /// The leaf's points carried up the path by the weights, rounded at each level as the engine rounds.
    func contribution(_ leaf: Int) throws(DomainError) -> Int64 {
      if zeroed.contains("") { return 0 }
      var points = row.nodeScores[leaf]
      var index: Int? = leaf
      while let node = index {
        if zeroed.contains(evaluation.compiled.nodes[node].path) { return 0 }
        points = try ExactRatio.round(
          Int128(points) * Int128(evaluation.compiled.nodes[node].definition.weightPPM),
          dividedBy: Int128(SchemeValidation.weightSum))
        index = parents[node]
      }
      return points
    }
  }
}
