import EvaluationAnalysis
import Kernel
import Testing

/// Matrices for tests: alternatives a0, a1, …, criteria c0, c1, ….
enum Given {
  /// - Parameter directions: one letter a criterion, `+` for higher is better and `-` for lower.
  static func matrix(
    _ rows: [[Double]], _ directions: String, missing: [Int] = [], rule: MissingValueRule = .refuse
  ) throws -> DecisionMatrix {
    try DecisionMatrix(
      alternatives: rows.indices.map { "a\($0)" },
      criteria: directions.enumerated().map { index, sign in
        Criterion(id: "c\(index)", direction: sign == "+" ? .higherIsBetter : .lowerIsBetter)
      }, values: rows.flatMap(\.self), missing: missing, rule: rule)
  }

  static func weights(_ values: [Double]) throws -> CriterionWeights {
    try CriterionWeights(values, criteria: values.count)
  }

  /// A seeded matrix with positive entries; every fourth value repeats a neighbour's so that ties occur.
  static func random(rows: Int, columns: Int, seed: UInt64) throws -> DecisionMatrix {
    var source = Generator(seed: seed)
    let values = (0..<rows).map { _ in (0..<columns).map { _ in Double(source.next() % 40) + 1 } }
    return try matrix(values, String((0..<columns).map { $0 % 3 == 2 ? "-" : "+" }))
  }

  static let methods: [RankingMethod] =
    Normalisation.allCases.map(RankingMethod.weightedSum)
    + [.topsis, .vikor(v: 0.5), .vikor(v: 0), .vikor(v: 1), .promethee(PreferenceFunction(.usual))]
}

/// A linear congruential generator: enough for test data.
struct Generator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}

func isClose(_ values: [Double], _ expected: [Double], within tolerance: Double = 1e-9) -> Bool {
  values.count == expected.count && zip(values, expected).allSatisfy { ($0 - $1).magnitude <= tolerance }
}

func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let error as DomainError {
    return "\(error.reason.rawValue) \(error.field ?? "-")"
  } catch {
    return "\(error)"
  }
}
