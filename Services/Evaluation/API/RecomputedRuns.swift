import EvaluationDomain

/// The last few runs recomputed from their frozen inputs, so that a page of explanations costs one recomputation. A run
/// never changes, so what is kept never goes stale.
actor RecomputedRuns {
  /// A run of 1 000 institutions × 40 indicators takes some megabytes.
  private static let kept = 4

  private let queries: any EvaluationQueries
  private var order: [String] = []
  private var runs: [String: Task<Evaluation, any Error>] = [:]

  init(queries: any EvaluationQueries) { self.queries = queries }

  /// - Throws: `RESOURCE_NOT_FOUND`; `CHAIN_BROKEN` when the stored run does not follow from its inputs.
  func evaluation(of runID: String) async throws -> Evaluation {
    if let running = runs[runID] { return try await running.value }
    let queries = queries
    let task = Task { try await queries.recompute(runID: runID) }
    runs[runID] = task
    order.append(runID)
    if order.count > Self.kept { runs[order.removeFirst()] = nil }
    do {
      return try await task.value
    } catch {
      // A failure is not kept: the next caller asks again.
      runs[runID] = nil
      order.removeAll { $0 == runID }
      throw error
    }
  }
}
