import EvaluationAnalysis
import EvaluationDomain
import Kernel
import Protos
import RPCEdge

/// Runs as data for analysis: ranked institutions by the scheme's leaves, in points.
struct RunMatrices: Sendable {
  private static let microPoints = 1_000_000.0

  let queries: any EvaluationQueries

  /// A table of a run with its scheme laid flat.
  struct Table: Sendable {
    let name: String
    /// Ranked institutions, best first; places among those that the request asks about.
    let rows: [ScoreRow]
    /// In the order of the rows.
    let institutions: [Institution]
    let leaves: [Leaf]
    let evaluation: Evaluation

    /// The published totals, in micro-points.
    func totals(label: String) throws(DomainError) -> ScoredList {
      try ScoredList(
        label: label, alternatives: rows.map(\.institutionID), scores: rows.map { Double($0.total) },
        higherIsBetter: true)
    }
  }
  struct Leaf: Sendable {
    /// Index among a row's node scores.
    let index: Int
    let path: String
    /// Product of the weights from the top down, ppm of ppm of …, as a share.
    let weight: Double
  }

  /// - Throws: `RESOURCE_NOT_FOUND` (a draft does not exist for those outside the office), `CHAIN_BROKEN`,
  ///   `INVALID_ARGUMENT` naming `table`, `DATA_REFUSED` for a table without ranked institutions.
  func table(_ source: Huirong_Evaluation_V1_RunMatrix, for caller: Caller) async throws -> Table {
    let id = try ResourceName.id(of: source.run, in: "runs", field: "run.run")
    let run = try await queries.run(id: id)
    guard run.isVisible(to: caller) else { throw DomainError.notFound("runs/\(id)") }
    return try Table(try await queries.recompute(runID: id), source)
  }

  func matrix(_ source: Huirong_Evaluation_V1_RunMatrix, for caller: Caller) async throws -> AnalysedMatrix {
    let table = try await table(source, for: caller)
    let values = table.rows.flatMap { row in
      table.leaves.map { leaf in Double(row.nodeScores[leaf.index]) / Self.microPoints }
    }
    let matrix: DecisionMatrix
    do {
      matrix = try DecisionMatrix(
        alternatives: table.rows.map(\.institutionID),
        criteria: table.leaves.map { Criterion(id: $0.path, direction: .higherIsBetter) }, values: values)
    } catch { throw error.within("run") }
    return AnalysedMatrix(matrix: matrix, schemeWeights: table.leaves.map(\.weight))
  }

  fileprivate static func leaves(_ scheme: CompiledScheme) -> [Leaf] {
    var weights = scheme.nodes.map { Double($0.definition.weightPPM) }
    // Parents stand before their children.
    for (index, node) in scheme.nodes.enumerated() {
      for child in node.children { weights[child] *= weights[index] / microPoints }
    }
    return scheme.nodes.enumerated().compactMap { index, node in
      guard case .leaf = node.definition.content else { return nil }
      return Leaf(index: index, path: node.path, weight: weights[index] / microPoints)
    }
  }
}

extension RunMatrices.Table {
  /// - Throws: `INVALID_ARGUMENT` naming `run.…`, `DATA_REFUSED` when nobody that is asked about is ranked.
  init(_ evaluation: Evaluation, _ source: Huirong_Evaluation_V1_RunMatrix) throws(DomainError) {
    let found: EvaluatedTable?
    if source.table.isEmpty {
      guard evaluation.tables.count == 1 else {
        throw DomainError.invalid("run.table", "the run has \(evaluation.tables.count) tables; name one")
      }
      found = evaluation.tables.first
    } else {
      found = evaluation.tables.first { $0.name == source.table }
    }
    guard let found else { throw DomainError.invalid("run.table", "the run has no table \"\(source.table)\"") }
    let institutions = Dictionary(uniqueKeysWithValues: evaluation.input.institutions.map { ($0.id, $0) })
    let limit = try InstitutionLimit(source)
    var rows: [ScoreRow] = []
    var members: [Institution] = []
    for row in found.rows where row.rank > 0 {
      guard let institution = institutions[row.institutionID], limit.takes(institution) else { continue }
      rows.append(row)
      members.append(institution)
    }
    guard !rows.isEmpty else {
      throw DomainError(.dataRefused, "no institution is ranked in the table", field: "run.table")
    }
    self.init(
      name: found.name, rows: Self.placed(rows), institutions: members,
      leaves: RunMatrices.leaves(evaluation.compiled), evaluation: evaluation)
  }

  /// Rows in the order of their ranks with places among themselves; equal ranks share the best place.
  private static func placed(_ rows: [ScoreRow]) -> [ScoreRow] {
    var placed = rows
    for index in rows.indices {
      placed[index].rank = index > 0 && rows[index].rank == rows[index - 1].rank ? placed[index - 1].rank : index + 1
    }
    return placed
  }
}

/// Which institutions of a run a request is about.
struct InstitutionLimit: Sendable {
  private let peerGroup: String
  private let type: String
  private let regionPrefix: String

  /// - Throws: `INVALID_ARGUMENT` naming the field.
  init(_ source: Huirong_Evaluation_V1_RunMatrix) throws(DomainError) {
    peerGroup = try Require.optionalText(source.peerGroup, "run.peer_group", maximum: 64)
    type = try Require.optionalText(source.institutionType, "run.institution_type", maximum: 64)
    regionPrefix = try Require.optionalText(source.regionPrefix, "run.region_prefix", maximum: 12)
  }

  func takes(_ institution: Institution) -> Bool {
    (peerGroup.isEmpty || institution.peerGroup == peerGroup) && (type.isEmpty || institution.type == type)
      && institution.regionCode.hasPrefix(regionPrefix)
  }
}

/// The data of a request, and the weights of its scheme when it is a run's.
struct AnalysedMatrix: Sendable {
  let matrix: DecisionMatrix
  var schemeWeights: [Double]?
}

extension Run {
  fileprivate func isVisible(to caller: Caller) -> Bool {
    switch caller.role {
    case .regulator, .analyst, .operator, .service: true
    case .enterprise, .gridWorker, .institution, .adviser: state == .published
    }
  }
}
