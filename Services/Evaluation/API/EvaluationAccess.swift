package import RPCEdge

/// Who may call what. What a caller sees inside a call (drafts, other institutions' facts) is each RPC's own rule.
package enum EvaluationAccess {
  private static let office: RoleSet = [.regulator, .analyst, .operator]
  private static let followers: RoleSet = [.regulator, .analyst, .operator, .service]
  private static let readers: RoleSet = [.regulator, .analyst, .operator, .service, .institution, .adviser]

  package static let table = AccessTable(
    service: "huirong.evaluation.v1.EvaluationService",
    [
      "CreateIndicator": office,
      "BatchCreateIndicators": office,
      "ListIndicators": .everyone,
      "BatchRegisterInstitutions": office,
      "ListInstitutions": readers,
      "SubmitFacts": [.institution, .regulator, .analyst, .operator, .service],
      "ListFacts": readers,
      "CreateScheme": office,
      "GetScheme": .everyone,
      "ListSchemes": .everyone,
      "RunEvaluation": office,
      "GetRun": .everyone,
      "ListRuns": followers,
      "ListRankings": .everyone,
      "ExplainScore": readers,
      "PublishRun": [.regulator, .operator],
      "ExportRun": followers,
      "GetFeedStatus": followers,
      "WatchEvaluation": followers,
      "VerifyChain": followers,
    ])
}
