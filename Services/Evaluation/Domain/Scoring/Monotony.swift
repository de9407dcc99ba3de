/// Whether improving one value can never cost its institution a place: then the smallest change that gains a place is
/// found by halving, and the find is a proof.
///
/// It holds when in every function that the value reaches, the institution's own points do not fall and nobody else's
/// rise. That is so for attainment, ratio to the leader, rank steps, peer mean, min–max and percentile; for bands and
/// events when their points run the way of the indicator; never claimed for z-scores, where a far outlier lifts those
/// below the mean.
struct Monotony {
  let grid: ValueGrid
  let compiled: CompiledScheme
  let institution: Int

  func holds(for id: String) -> Bool {
    let improves = grid.direction(id)
    for read in compiled.scheme.indicatorIDs where reaches(read, from: id) {
      guard rises(read, with: id), grid.direction(read) == improves else { return false }
    }
    return uses.allSatisfy { use in
      !reaches(use.indicatorID, from: id) && !use.function.furtherIndicators.contains { reaches($0, from: id) }
        || isMonotone(use.function, direction: grid.direction(use.indicatorID))
          && use.function.targetIndicator.map { !reaches($0, from: id) } ?? true
    } && compiled.scheme.gates.allSatisfy { !reaches($0.indicatorID, from: id) || isMonotone($0) }
  }

  private struct Use {
    let indicatorID: String
    let function: ScoringFunction
  }

  private var uses: [Use] {
    var uses: [Use] = []
    for node in compiled.nodes {
      guard case .leaf(let id, let function, _) = node.definition.content else { continue }
      if case .composite(let parts) = function {
        uses += parts.map { Use(indicatorID: $0.indicatorID, function: $0.function) }
      } else if let id {
        uses.append(Use(indicatorID: id, function: function))
      }
    }
    return uses + compiled.scheme.bonuses.map { Use(indicatorID: $0.indicatorID, function: $0.function) }
  }

  private func reaches(_ read: String, from id: String) -> Bool {
    if read == id { return true }
    return grid.indicators[read]?.derivation?.bases.contains { reaches($0, from: id) } ?? false
  }

  /// Whether the indicator moves the same way as the value it derives from.
  private func rises(_ read: String, with id: String) -> Bool {
    if read == id { return true }
    switch grid.indicators[read]?.derivation {
    case .ratio(let numerator, let denominator):
      return rises(numerator, with: id) && !reaches(denominator, from: id) && isPositive(denominator)
    case .increment(let base, _), .growth(let base, _): return rises(base, with: id)
    case nil: return false
    }
  }

  private func isPositive(_ id: String) -> Bool {
    let value = try? grid.resolver.value(of: id, in: grid.input.scope.period, institution: institution)
    return (value?.number ?? 0) > 0
  }

  private func isMonotone(_ function: ScoringFunction, direction: Direction) -> Bool {
    switch function {
    case .attainment, .ratioToLeader, .rankSteps, .peerMeanGate, .minMax, .percentile: true
    case .tieredBands(let tiers):
      zip(tiers, tiers.dropFirst()).allSatisfy {
        direction == .higherIsBetter ? $0.points <= $1.points : $0.points >= $1.points
      }
    case .perEvent(let rule): (rule.perEvent > 0) == (direction == .higherIsBetter)
    case .zScore, .composite: false
    }
  }

  private func isMonotone(_ gate: Gate) -> Bool {
    switch gate.comparison {
    case .less, .lessOrEqual: grid.direction(gate.indicatorID) == .higherIsBetter
    case .greater, .greaterOrEqual: grid.direction(gate.indicatorID) == .lowerIsBetter
    }
  }
}

extension ScoringFunction {
  /// The indicator that holds each institution's own target.
  var targetIndicator: String? {
    if case .attainment(let rule) = self, case .indicator(let id) = rule.target { id } else { nil }
  }
}
