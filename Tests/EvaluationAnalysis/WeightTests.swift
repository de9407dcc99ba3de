import EvaluationAnalysis
import Kernel
import Testing

@Suite("Weights of criteria") struct WeightTests {
  @Test func `given weights are divided by their sum and refused when they are none`() throws {
    #expect(try Given.weights([1, 3]).values == [0.25, 0.75])
    #expect(try Given.weights([0, 1e-300, 1e-300]).values == [0, 0.5, 0.5])
    #expect(try Given.weights([1e100, 1e100]).values == [0.5, 0.5])
    #expect(refusal { _ = try Given.weights([0, 0]) } == "INVALID_ARGUMENT weights")
    #expect(refusal { _ = try Given.weights([1, -1]) } == "INVALID_ARGUMENT weights[1]")
    #expect(refusal { _ = try Given.weights([.nan]) } == "INVALID_ARGUMENT weights[0]")
    #expect(refusal { _ = try CriterionWeights([1], criteria: 2) } == "INVALID_ARGUMENT weights")
  }

  @Test func `entropy favours the column that tells alternatives apart, and zeros count as shares of nothing`() throws {
    // Shares (½, ½) have entropy 1, shares (1, 0) entropy 0: all the weight is on the second column.
    #expect(try CriterionWeights.entropy(try Given.matrix([[5, 9], [5, 0]], "++")).values == [0, 1])
    // H(¼, ¾) = 0.8112781244591328 bits.
    let weights = try CriterionWeights.entropy(try Given.matrix([[1, 8], [3, 0]], "+-"))
    let sum = 1.1887218755408672
    let expected: [Double] = [(sum - 1) / sum, 1 / sum]
    #expect(isClose(weights.values, expected, within: 1e-15))
  }

  @Test func `columns without information have no weight, and equal ones when there is nothing else`() throws {
    for rows in [[[0.0, 7], [0, 7]], [[1.0, 2]]] {
      let matrix = try Given.matrix(rows, "+-")
      #expect(try CriterionWeights.entropy(matrix).values == [0.5, 0.5])
      #expect(CriterionWeights.critic(matrix).values == [0.5, 0.5])
    }
    let matrix = try Given.matrix([[0, 3, 1], [0, 3, 2], [0, 3, 4]], "+++")
    #expect(try CriterionWeights.entropy(matrix).values == [0, 0, 1])
    #expect(CriterionWeights.critic(matrix).values == [0, 0, 1])
  }

  @Test func `entropy refuses negative values by the criterion's place`() throws {
    let matrix = try Given.matrix([[1, -1], [2, 3]], "++")
    #expect(refusal { _ = try CriterionWeights.entropy(matrix) } == "INVALID_ARGUMENT criteria[1]")
  }

  @Test func `CRITIC weighs contrast by conflict`() throws {
    // Min–max columns (0, ½, 1), (0, 1, ½), (1, ½, 0): one σ; r₁₂ = ½, r₁₃ = −1, r₂₃ = −½: sums 2½, 2, 3½.
    let matrix = try Given.matrix([[1, 10, 3], [2, 30, 2], [3, 20, 1]], "+++")
    let expected: [Double] = [0.3125, 0.25, 0.4375]
    #expect(isClose(CriterionWeights.critic(matrix).values, expected, within: 1e-15))
    // A cost column is turned round before it is compared.
    let turned = try Given.matrix([[1, 10, 3], [2, 30, 2], [3, 20, 1]], "++-")
    #expect(isClose(CriterionWeights.critic(turned).values, [0.25, 0.5, 0.25], within: 1e-15))
  }

  @Test func `columns that say the same share the weight equally`() throws {
    let matrix = try Given.matrix([[1, 10, 5], [2, 20, 5], [4, 40, 5]], "+++")
    #expect(CriterionWeights.critic(matrix).values == [0.5, 0.5, 0])
  }

  @Test func `consistent judgements give back their weights with no inconsistency`() throws {
    let wanted = [0.5, 0.3, 0.2]
    let judgements = wanted.flatMap { row in wanted.map { row / $0 } }
    let hierarchy = try AnalyticHierarchy(judgements: judgements, criteria: 3)
    #expect(isClose(hierarchy.weights.values, wanted, within: 1e-15))
    #expect(hierarchy.consistencyRatio < 1e-14)
  }

  @Test func `Saaty's school example has its published weights and the eigenvalue of its judgements`() throws {
    // T. L. Saaty, The Analytic Hierarchy Process (1980), selecting a high school: learning, friends, school life,
    // vocational training, college preparation, music classes. The book prints weights to two decimals; λmax is 7.420 (the
    // 7.49 in print is an estimate by hand).
    let rows: [[Double]] = [
      [1, 4, 3, 1, 3, 4], [1.0 / 4, 1, 7, 3, 1.0 / 5, 1], [1.0 / 3, 1.0 / 7, 1, 1.0 / 5, 1.0 / 5, 1.0 / 6],
      [1, 1.0 / 3, 5, 1, 1, 1.0 / 3], [1.0 / 3, 5, 5, 1, 1, 3], [1.0 / 4, 1, 6, 3, 1.0 / 3, 1],
    ]
    let hierarchy = try AnalyticHierarchy(judgements: rows.flatMap(\.self), criteria: 6)
    #expect(isClose(hierarchy.weights.values, [0.32, 0.14, 0.03, 0.13, 0.24, 0.14], within: 0.006))
    #expect((hierarchy.principalEigenvalue - 7.4199).magnitude < 0.0001)
    #expect((hierarchy.consistencyRatio - 0.2290).magnitude < 0.0001)
  }

  @Test func `judgements off the scale or not reciprocal are refused`() throws {
    #expect(
      refusal { _ = try AnalyticHierarchy(judgements: [1, 2, 2, 1], criteria: 2) } == "INVALID_ARGUMENT judgements[1]")
    #expect(
      refusal { _ = try AnalyticHierarchy(judgements: [1, 10, 0.1, 1], criteria: 2) }
        == "INVALID_ARGUMENT judgements[1]")
    #expect(
      refusal { _ = try AnalyticHierarchy(judgements: [1, 0, 1, 1], criteria: 2) } == "INVALID_ARGUMENT judgements[1]")
    #expect(refusal { _ = try AnalyticHierarchy(judgements: [2], criteria: 1) } == "INVALID_ARGUMENT judgements[0]")
    #expect(refusal { _ = try AnalyticHierarchy(judgements: [1, 1], criteria: 2) } == "INVALID_ARGUMENT judgements")
    #expect(
      refusal { _ = try AnalyticHierarchy(judgements: .init(repeating: 1, count: 256), criteria: 16) }
        == "INVALID_ARGUMENT criteria")
  }

  @Test func `the wildest judgements on the scale still converge`() throws {
    var source = Generator(seed: 5)
    for size in 2...15 {
      var judgements = [Double](repeating: 1, count: size * size)
      for row in 0..<size {
        for column in 0..<row {
          let wild = source.next() % 2 == 0 ? 9.0 : 1.0 / 9
          judgements[row * size + column] = wild
          judgements[column * size + row] = 1 / wild
        }
      }
      let hierarchy = try AnalyticHierarchy(judgements: judgements, criteria: size)
      let weights = hierarchy.weights.values
      for row in 0..<size {
        let image = (0..<size).reduce(0) { $0 + judgements[row * size + $1] * weights[$1] }
        #expect((image / weights[row] - hierarchy.principalEigenvalue).magnitude < 1e-11)
      }
    }
  }
}
