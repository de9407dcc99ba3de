import EvaluationAnalysis
import Kernel
import Testing

@Suite("Decision matrices") struct MatrixTests {
  @Test func `what does not make a matrix is refused by the field's name`() throws {
    #expect(refusal { _ = try Given.matrix([], "+") } == "REQUIRED_FIELD_MISSING alternatives")
    #expect(refusal { _ = try Given.matrix([[1]], "") } == "REQUIRED_FIELD_MISSING criteria")
    #expect(refusal { _ = try Given.matrix([[1, 2], [3]], "++") } == "INVALID_ARGUMENT values")
    #expect(refusal { _ = try Given.matrix([[1, .nan]], "++") } == "INVALID_ARGUMENT values[1]")
    #expect(refusal { _ = try Given.matrix([[1], [.infinity]], "+") } == "INVALID_ARGUMENT values[1]")
    #expect(refusal { _ = try Given.matrix([[1e101]], "+") } == "INVALID_ARGUMENT values[0]")
    #expect(refusal { _ = try Given.matrix([[1]], "+", missing: [1]) } == "INVALID_ARGUMENT missing_cells[0]")
    #expect(refusal { _ = try Given.matrix([[1]], "+", missing: [-1]) } == "INVALID_ARGUMENT missing_cells[0]")
    #expect(
      refusal {
        _ = try DecisionMatrix(
          alternatives: ["a", "a"], criteria: [Criterion(id: "c", direction: .higherIsBetter)], values: [1, 2])
      } == "INVALID_ARGUMENT alternatives[1]")
  }

  @Test func `a missing cell is refused, left out, or filled as the rule says`() throws {
    let rows = [[1, Double.nan], [2, 20], [3, 40]]
    #expect(refusal { _ = try Given.matrix(rows, "+-", missing: [1]) } == "DATA_REFUSED missing_cells")
    let dropped = try Given.matrix(rows, "+-", missing: [1], rule: .dropAlternative)
    #expect(dropped.alternatives == ["a1", "a2"])
    #expect(dropped.dropped == ["a0"])
    #expect(Array(try Given.matrix(rows, "+-", missing: [1], rule: .worstValue).column(1)) == [40, 20, 40])
    #expect(Array(try Given.matrix(rows, "++", missing: [1], rule: .worstValue).column(1)) == [20, 20, 40])
    #expect(Array(try Given.matrix(rows, "+-", missing: [1], rule: .columnMean).column(1)) == [30, 20, 40])
    for rule in [MissingValueRule.dropAlternative, .worstValue, .columnMean] {
      #expect(
        refusal { _ = try Given.matrix([[1, 0], [2, 0]], "++", missing: [1, 3], rule: rule) }
          == "DATA_REFUSED missing_cells")
    }
  }

  @Test func `leaving out a column or a row leaves the rest as it was`() throws {
    let matrix = try Given.matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]], "+-+")
    #expect(
      matrix.without(criterion: 1) == (try reduced([[1, 3], [4, 6], [7, 9]], ["c0", "c2"], ["a0", "a1", "a2"])))
    let rest = matrix.without(alternative: 1)
    #expect(rest.alternatives == ["a0", "a2"])
    #expect((0..<3).map { Array(rest.column($0)) } == [[1, 7], [2, 8], [3, 9]])
  }

  private func reduced(_ rows: [[Double]], _ criteria: [String], _ alternatives: [String]) throws -> DecisionMatrix {
    try DecisionMatrix(
      alternatives: alternatives, criteria: criteria.map { Criterion(id: $0, direction: .higherIsBetter) },
      values: rows.flatMap(\.self))
  }
}
