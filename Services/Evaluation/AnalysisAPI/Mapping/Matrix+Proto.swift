import EvaluationAnalysis
import Kernel
import Protos
import RPCEdge

/// A request whose data is a matrix as given or a run's.
protocol MatrixRequest {
  var givenMatrix: Huirong_Evaluation_V1_DecisionMatrix? { get }
  var givenRun: Huirong_Evaluation_V1_RunMatrix? { get }
}

extension Huirong_Evaluation_V1_ComputeWeightsRequest: MatrixRequest {
  var givenMatrix: Huirong_Evaluation_V1_DecisionMatrix? {
    if case .matrix(let matrix) = source { matrix } else { nil }
  }
  var givenRun: Huirong_Evaluation_V1_RunMatrix? { if case .run(let run) = source { run } else { nil } }
}

extension Huirong_Evaluation_V1_RankAlternativesRequest: MatrixRequest {
  var givenMatrix: Huirong_Evaluation_V1_DecisionMatrix? {
    if case .matrix(let matrix) = source { matrix } else { nil }
  }
  var givenRun: Huirong_Evaluation_V1_RunMatrix? { if case .run(let run) = source { run } else { nil } }
}

extension Huirong_Evaluation_V1_AnalyzeRobustnessRequest: MatrixRequest {
  var givenMatrix: Huirong_Evaluation_V1_DecisionMatrix? {
    if case .matrix(let matrix) = source { matrix } else { nil }
  }
  var givenRun: Huirong_Evaluation_V1_RunMatrix? { if case .run(let run) = source { run } else { nil } }
}

extension AnalysisService {
  /// - Throws: `REQUIRED_FIELD_MISSING` naming `matrix`; what the matrix or the run refuses.
  func matrix(_ request: some MatrixRequest, for caller: Caller) async throws -> AnalysedMatrix {
    if let run = request.givenRun { return try await runs.matrix(run, for: caller) }
    guard let given = request.givenMatrix else {
      throw DomainError(.requiredFieldMissing, "matrix or run is required", field: "matrix")
    }
    do throws(DomainError) {
      return AnalysedMatrix(matrix: try DecisionMatrix(given))
    } catch {
      throw error.within("matrix")
    }
  }
}

extension DecisionMatrix {
  init(_ proto: Huirong_Evaluation_V1_DecisionMatrix) throws(DomainError) {
    var criteria: [Criterion] = []
    for (index, criterion) in proto.criteria.enumerated() {
      let direction = try Require.value(criterion.direction, "criteria[\(index)].direction")
      criteria.append(
        Criterion(
          id: criterion.id, direction: direction == .lowerIsBetter ? .lowerIsBetter : .higherIsBetter))
    }
    let rule: MissingValueRule
    switch try Require.known(proto.missingValueRule, "missing_value_rule") {
    case .unspecified, .refuse, .UNRECOGNIZED: rule = .refuse
    case .dropAlternative: rule = .dropAlternative
    case .worstValue: rule = .worstValue
    case .columnMean: rule = .columnMean
    }
    try self.init(
      alternatives: proto.alternatives, criteria: criteria, values: proto.values,
      missing: proto.missingCells.map(Int.init), rule: rule)
  }
}
