package import RPCEdge

/// Who may call the analysis. It computes and shows nothing that the caller could not read: a draft's scores stay the
/// office's.
package enum AnalysisAccess {
  private static let readers: RoleSet = [.regulator, .analyst, .operator, .service, .institution, .adviser]

  package static let table = AccessTable(
    service: "huirong.evaluation.v1.AnalysisService",
    [
      "ComputeWeights": readers,
      "RankAlternatives": readers,
      "MeasureEfficiency": readers,
      "AnalyzeRobustness": readers,
      "CompareRankings": readers,
      "AnalyzeTrend": readers,
      "CompareGroups": readers,
      "EstimateRankIntervals": readers,
    ])
}
