import EvaluationAnalysis
import EvaluationDomain
import Kernel

/// A run whose ratios are drawn anew, sample by sample, and scored each time by the scheme's own rules: what its places owe to
/// the luck of few cases.
struct RedrawnRun: Sendable {
  struct Ratio: Sendable {
    var indicatorID: String
    var countIndicatorID: String
    var priorCases: Double
  }
  /// The tally has institutions² cells a worker.
  static let maximumInstitutions = 2_000
  /// Samples × institutions: about half a minute of one core.
  static let maximumWork = 3_000_000

  /// Where a draw goes: the fact of the numerator over the run's period.
  private struct Cell: Sendable {
    let column: Int
    let position: Int
    let denominator: Int64
  }

  private let input: RunInput
  private let table: String
  /// By institution: the row of the table, `nil` for those outside it.
  private let rows: [String: Int]
  /// Ratio by ratio, one cell for each observation.
  private let cells: [[Cell]]
  private let draws: RatioDraws
  private let samples: Int
  private let caseCounts: [[Int64]]

  /// - Throws: `INVALID_ARGUMENT` or `DATA_REFUSED` naming `ratios[i].…` or `samples`.
  init(_ table: RunMatrices.Table, ratios: [Ratio], samples: Int, seed: UInt64) throws(DomainError) {
    let input = table.evaluation.input
    guard input.institutions.count <= Self.maximumInstitutions else {
      throw DomainError(
        .batchTooLarge, "at most \(Self.maximumInstitutions) institutions, not \(input.institutions.count)",
        field: "run")
    }
    guard samples * input.institutions.count <= Self.maximumWork else {
      throw DomainError(
        .batchTooLarge, "samples × institutions are at most \(Self.maximumWork)", field: "samples")
    }
    var found: [ObservedRatio] = []
    for (index, ratio) in ratios.enumerated() {
      do throws(DomainError) {
        let observed = try ObservedRatio(ratio, in: table.evaluation)
        if found.contains(where: { $0.numeratorID == observed.numeratorID }) {
          throw .invalid("indicator", "\(observed.numeratorID) is redrawn already")
        }
        found.append(observed)
      } catch { throw error.within("ratios[\(index)]") }
    }
    let template = try FactTemplate(input, found)
    self.input = RunInput(
      frozen: input.scheme, scope: input.scope, policyDigest: input.policyDigest, indicators: input.indicators,
      institutions: input.institutions, facts: template.facts)
    self.table = table.name
    self.samples = samples
    cells = zip(found, template.columns).map { ratio, column in
      ratio.observations.compactMap { observation in
        template.facts.position(column: column, institution: observation.institution, period: input.scope.period).map {
          Cell(column: column, position: $0, denominator: observation.denominator)
        }
      }
    }
    draws = RatioDraws(found.map(\.posterior), seed: seed)
    var rows: [String: Int] = [:]
    for (index, row) in table.rows.enumerated() { rows[row.institutionID] = index }
    self.rows = rows
    caseCounts = found.map { ratio in
      var counts = [Int64](repeating: 0, count: table.rows.count)
      for observation in ratio.observations {
        if let row = rows[input.institutions[observation.institution].id] { counts[row] = observation.cases }
      }
      return counts
    }
  }

  /// Cases behind each ratio of a row of the table.
  func cases(of row: Int) -> [Int64] { caseCounts.map { $0[row] } }

  /// - Parameter checkpoint: called before each sample; what it throws ends the work.
  func run(workers: Int = 2, checkpoint: @escaping @Sendable () throws -> Void) async throws -> PlaceTally {
    try await withThrowingTaskGroup(of: PlaceTally.self) { group in
      for worker in 0..<workers {
        group.addTask {
          var tally = PlaceTally(alternatives: rows.count)
          for sample in stride(from: worker, to: samples, by: workers) {
            try checkpoint()
            try count(sample, into: &tally)
            // The threads belong to everyone's calls.
            await Task.yield()
          }
          return tally
        }
      }
      var total = PlaceTally(alternatives: rows.count)
      for try await tally in group { total.add(tally) }
      return total
    }
  }

  private func count(_ sample: Int, into tally: inout PlaceTally) throws {
    var facts = input.facts
    for (cells, values) in zip(cells, draws.sample(sample)) {
      for (cell, value) in zip(cells, values) {
        facts.setValue(try Self.part(value, of: cell.denominator), column: cell.column, at: cell.position)
      }
    }
    let redrawn = RunInput(
      frozen: input.scheme, scope: input.scope, policyDigest: input.policyDigest, indicators: input.indicators,
      institutions: input.institutions, facts: facts)
    let lines = try ScoringEngine.evaluate(redrawn).tables.first { $0.name == table }?.rows ?? []
    // Best first. Places count those who are compared, as they do in the table that was asked for.
    let compared = lines.compactMap { line in line.rank > 0 ? rows[line.institutionID].map { (line.rank, $0) } : nil }
    var (place, before) = (0, 0)
    for (position, (rank, row)) in compared.enumerated() {
      if rank != before { place = position + 1 }
      before = rank
      tally.add(row, rank: place)
    }
  }

  private static func part(_ share: Double, of whole: Int64) throws(DomainError) -> Int64 {
    guard let part = Int64(exactly: (share * Double(whole)).rounded(.toNearestOrAwayFromZero)) else {
      throw DomainError(.amountOverflow, "\(share) of \(whole) does not fit")
    }
    return part
  }
}

/// A run's facts with one for each redrawn numerator over exactly the run's period: that one is what the period's value
/// comes from, and other spans (a growth's windows) keep their own.
private struct FactTemplate {
  let facts: FactColumns
  /// Ratio by ratio, the column of its numerator.
  let columns: [Int]

  init(_ input: RunInput, _ ratios: [ObservedRatio]) throws(DomainError) {
    let period = input.scope.period
    let numerators = Set(ratios.map(\.numeratorID))
    var facts = input.facts.facts(indicators: input.indicators, institutions: input.institutions).filter {
      !(numerators.contains($0.indicatorID) && $0.period == period)
    }
    for ratio in ratios {
      for observation in ratio.observations {
        facts.append(
          InputFact(
            institutionID: input.institutions[observation.institution].id, indicatorID: ratio.numeratorID,
            period: period, value: observation.numerator, version: 1))
      }
    }
    self.facts = try FactColumns(facts, indicators: input.indicators, institutions: input.institutions)
    columns = ratios.compactMap { ratio in input.indicators.firstIndex { $0.id == ratio.numeratorID } }
  }
}
