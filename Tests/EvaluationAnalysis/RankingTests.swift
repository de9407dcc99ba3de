import EvaluationAnalysis
import Kernel
import Testing

@Suite("Rankings") struct RankingTests {
  @Test func `TOPSIS by hand`() throws {
    // Columns (3, 4) and (4, 3) have norm 5; equal weights: rows (0.3, 0.4) and (0.4, 0.3). With the second a cost the
    // second row is the ideal and the first the anti-ideal.
    let outcome = try RankingMethod.topsis.apply(try Given.matrix([[3, 4], [4, 3]], "+-"), .equal(2))
    #expect(outcome.scores == [0, 1])
    let balanced = try RankingMethod.topsis.apply(try Given.matrix([[3, 4], [4, 3]], "++"), .equal(2))
    #expect(isClose(balanced.scores, [0.5, 0.5], within: 1e-15))
  }

  @Test func `PROMETHEE II by hand`() throws {
    // Of three alternatives the first beats both on the first criterion (weight ½), the second on the second (0.3) …
    let matrix = try Given.matrix([[4, 3, 2], [3, 2, 4], [5, 1, 3]], "+++")
    let weights = try Given.weights([0.5, 0.3, 0.2])
    let usual = try RankingMethod.promethee(PreferenceFunction(.usual)).apply(matrix, weights)
    #expect(isClose(usual.scores, [0.1, -0.3, 0.2]))
    #expect(usual.ranks(.minimum) == [2, 3, 1])
  }

  @Test func `every preference shape gives the sums of its pairwise definition`() throws {
    for seed in 0..<40 {
      let matrix = try Given.random(rows: 17, columns: 3, seed: UInt64(seed))
      let weights = try Given.weights([2, 3, 5])
      let (q, p) = ([2.0, 0, 7], [9.0, 5, 7.5])
      for shape in [PreferenceFunction.Shape.usual, .uShape, .vShape, .level, .linear] {
        let function = PreferenceFunction(
          shape, q: shape == .usual || shape == .vShape ? [] : q, p: shape == .usual || shape == .uShape ? [] : p)
        let outcome = try RankingMethod.promethee(function).apply(matrix, weights)
        #expect(isClose(outcome.scores, pairwise(matrix, weights.values, shape, q, p), within: 1e-12), "\(shape)")
      }
    }
  }

  private func pairwise(
    _ matrix: DecisionMatrix, _ weights: [Double], _ shape: PreferenceFunction.Shape, _ q: [Double], _ p: [Double]
  ) -> [Double] {
    func preference(_ d: Double, _ q: Double, _ p: Double) -> Double {
      switch shape {
      case .usual: d > 0 ? 1 : 0
      case .uShape: d > q ? 1 : 0
      case .vShape: d <= 0 ? 0 : min(1, d / p)
      case .level: d > p ? 1 : d > q ? 0.5 : 0
      case .linear: d > p ? 1 : d > q ? (d - q) / (p - q) : 0
      }
    }
    var flows = [Double](repeating: 0, count: matrix.rows)
    for index in 0..<matrix.columns {
      let sign: Double = matrix.criteria[index].direction == .higherIsBetter ? 1 : -1
      let column = matrix.column(index).map { $0 * sign }
      for first in flows.indices {
        for second in flows.indices {
          let share = weights[index] * preference(column[first] - column[second], q[index], p[index])
          flows[first] += share / Double(flows.count - 1)
          flows[second] -= share / Double(flows.count - 1)
        }
      }
    }
    return flows
  }

  @Test func `thresholds that a shape does not take, or that are out of order, are refused`() throws {
    let matrix = try Given.matrix([[1], [2]], "+")
    func refused(_ function: PreferenceFunction) -> String? {
      refusal { _ = try RankingMethod.promethee(function).apply(matrix, .equal(1)) }
    }
    #expect(refused(PreferenceFunction(.usual, q: [1])) == "INVALID_ARGUMENT q")
    #expect(refused(PreferenceFunction(.vShape)) == "INVALID_ARGUMENT p")
    #expect(refused(PreferenceFunction(.vShape, p: [0])) == "INVALID_ARGUMENT p[0]")
    #expect(refused(PreferenceFunction(.linear, q: [2], p: [2])) == "INVALID_ARGUMENT p[0]")
    #expect(refused(PreferenceFunction(.uShape, q: [-1])) == "INVALID_ARGUMENT q[0]")
    #expect(refusal { _ = try RankingMethod.vikor(v: 1.5).apply(matrix, .equal(1)) } == "INVALID_ARGUMENT v")
  }

  @Test func `VIKOR's compromise is one, two, or all that are close`() throws {
    func compromise(_ rows: [[Double]], _ weights: [Double], v: Double = 0.5) throws -> [String] {
      let matrix = try Given.matrix(rows, String(repeating: "+", count: weights.count))
      let outcome = try RankingMethod.vikor(v: v).apply(matrix, try Given.weights(weights))
      guard case .vikor(_, _, let compromise) = outcome.details else { return [] }
      return compromise.map { matrix.alternatives[$0] }
    }
    // A clear leader, first by S and R.
    #expect(try compromise([[9, 9], [2, 3], [1, 1]], [1, 1]) == ["a0"])
    // The two are close, the third is far.
    #expect(try compromise([[9, 8], [8, 9], [1, 1]], [1, 1]) == ["a0", "a1"])
    #expect(try compromise([[5], [5]], [1]) == ["a0", "a1"])
    #expect(try compromise([[5]], [1]) == ["a0"])
  }

  @Test func `no method answers NaN, whatever is constant, zero, tied or alone`() throws {
    let shapes: [[[Double]]] = [
      [[0, 0, 0]], [[5, 5, 5], [5, 5, 5]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 1, 2], [0, 1, 2], [0, 3, 2]],
      [[-1, 0, 1e100], [-1e100, 0, 1]], [[1e-320, 1e-310, 0], [0, 1e-320, 0]], [[1e-200, 2, 3], [2e-200, 2, 3]],
      [[1, 1 + 0x1p-52, 3], [1 + 0x1p-52, 1, 3]],
    ]
    for rows in shapes {
      let matrix = try Given.matrix(rows, "+-+")
      for weights in [CriterionWeights.equal(3), .critic(matrix), try Given.weights([0, 0, 1])] {
        for method in Given.methods {
          let outcome = try method.apply(matrix, weights)
          #expect(outcome.scores.allSatisfy { $0.isFinite }, "\(method) \(rows)")
          for ties in TieMethod.allCases { #expect(outcome.ranks(ties).allSatisfy { $0 >= 1 }) }
          let sensitivity = try Sensitivity(matrix, weights, method)
          #expect(try sensitivity.leavingOutCriteria {}.count == 3)
          #expect(try sensitivity.leavingOutAlternatives {}.count == (rows.count > 1 ? rows.count : 0))
        }
      }
    }
  }

  @Test func `alternatives that nothing tells apart share the first place`() throws {
    let matrix = try Given.matrix([[5, 0], [5, 0], [5, 0]], "+-")
    for method in Given.methods {
      let outcome = try method.apply(matrix, .equal(2))
      #expect(outcome.ranks(.minimum) == [1, 1, 1])
      #expect(outcome.ranks(.average) == [2, 2, 2])
    }
    #expect(try RankingMethod.topsis.apply(matrix, .equal(2)).scores == [0.5, 0.5, 0.5])
    #expect(try RankingMethod.vikor(v: 0.5).apply(matrix, .equal(2)).scores == [0, 0, 0])
  }

  @Test func `whoever is better in everything is ranked no worse by every method`() throws {
    for seed in 0..<60 {
      let matrix = try Given.random(rows: 8, columns: 4, seed: UInt64(seed))
      for method in Given.methods {
        let ranks = try method.apply(matrix, .equal(4)).ranks(.minimum, decimals: 12)
        for first in 0..<8 {
          for second in 0..<8 where dominates(matrix, first, second) {
            #expect(ranks[first] <= ranks[second], "\(method)")
          }
        }
      }
    }
  }

  private func dominates(_ matrix: DecisionMatrix, _ first: Int, _ second: Int) -> Bool {
    (0..<matrix.columns).allSatisfy { index in
      let column = Array(matrix.column(index))
      return matrix.criteria[index].direction == .higherIsBetter
        ? column[first] >= column[second] : column[first] <= column[second]
    }
  }

  @Test func `the order in which alternatives stand does not matter`() throws {
    for seed in 0..<20 {
      let matrix = try Given.random(rows: 9, columns: 3, seed: UInt64(seed))
      let reversed = try DecisionMatrix(
        alternatives: matrix.alternatives.reversed(), criteria: matrix.criteria,
        values: (0..<9).reversed().flatMap { row in (0..<3).map { Array(matrix.column($0))[row] } })
      for method in Given.methods {
        let forward = try method.apply(matrix, .equal(3)).scores
        let backward = try method.apply(reversed, .equal(3)).scores
        #expect(isClose(forward, backward.reversed(), within: 1e-12))
      }
    }
  }

  @Test func `places with ties are those of rankdata`() {
    let scores = [7.0, 9, 7, 1, 9, 7]
    func ranks(_ ties: TieMethod) -> [Double] { Ranks.of(scores, higherIsBetter: true, ties: ties) }
    #expect(ranks(.average) == [4, 1.5, 4, 6, 1.5, 4])
    #expect(ranks(.minimum) == [3, 1, 3, 6, 1, 3])
    #expect(ranks(.maximum) == [5, 2, 5, 6, 2, 5])
    #expect(ranks(.dense) == [2, 1, 2, 3, 1, 2])
    #expect(Ranks.of(scores, higherIsBetter: false, ties: .dense) == [2, 3, 2, 1, 3, 2])
    #expect(Ranks.of([], higherIsBetter: true, ties: .dense) == [])
    #expect(Ranks.of([0, -0.0], higherIsBetter: true, ties: .minimum) == [1, 1])
  }

  @Test func `scores that differ by rounding share a place when decimals are named`() throws {
    let matrix = try Given.matrix([[0.1 + 0.2], [0.3], [0]], "+")
    let outcome = try RankingMethod.weightedSum(.maximum).apply(matrix, .equal(1))
    #expect(outcome.ranks(.minimum) == [1, 2, 3])
    #expect(outcome.ranks(.minimum, decimals: 12) == [1, 1, 3])
  }
}
