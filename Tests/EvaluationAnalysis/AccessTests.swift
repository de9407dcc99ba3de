import EvaluationAnalysis
import Protos
import RPCEdge
import Testing

@testable import EvaluationAnalysisAPI

@Suite("The analysis service's edge") struct AccessTests {
  @Test func `every method has a row in the access table and every row a method`() throws {
    try AnalysisAccess.table.validate(against: Huirong_Evaluation_V1_AnalysisService.Method.descriptors)
  }

  @Test func `a matrix arrives with its directions, and an unstated direction is refused`() throws {
    var proto = Huirong_Evaluation_V1_DecisionMatrix()
    proto.alternatives = ["a", "b"]
    var criterion = Huirong_Evaluation_V1_Criterion()
    criterion.id = "npl"
    proto.criteria = [criterion]
    proto.values = [1, 2]
    #expect(refusal { _ = try DecisionMatrix(proto) } == "REQUIRED_FIELD_MISSING criteria[0].direction")
    proto.criteria[0].direction = .lowerIsBetter
    #expect(try DecisionMatrix(proto).criteria == [Criterion(id: "npl", direction: .lowerIsBetter)])
    proto.values[1] = .nan
    #expect(refusal { _ = try DecisionMatrix(proto) } == "INVALID_ARGUMENT values[1]")
    proto.missingCells = [1]
    proto.missingValueRule = .worstValue
    #expect(Array(try DecisionMatrix(proto).column(0)) == [1, 1])
    proto.missingValueRule = .UNRECOGNIZED(9)
    #expect(refusal { _ = try DecisionMatrix(proto) } == "INVALID_ARGUMENT missing_value_rule")
  }

  @Test func `weights say where they come from`() throws {
    let data = AnalysedMatrix(matrix: try Given.random(rows: 3, columns: 2, seed: 1))
    var weighting = Huirong_Evaluation_V1_Weighting()
    #expect(refusal { _ = try AnalysedWeights(weighting, on: data) } == "REQUIRED_FIELD_MISSING weighting")
    weighting.method = .scheme
    #expect(refusal { _ = try AnalysedWeights(weighting, on: data) } == "INVALID_ARGUMENT weighting.method")
    weighting.given.weights = [1, -2]
    #expect(refusal { _ = try AnalysedWeights(weighting, on: data) } == "INVALID_ARGUMENT weighting.given.weights[1]")
    weighting.judgements.judgements = [1, 3, 1.0 / 3, 1]
    #expect(isClose(try AnalysedWeights(weighting, on: nil).weights.values, [0.75, 0.25], within: 1e-15))
    weighting.method = .equal
    #expect(refusal { _ = try AnalysedWeights(weighting, on: nil) } == "REQUIRED_FIELD_MISSING matrix")
  }
}
