package import RPCEdge

/// Who may call what. What a caller sees inside a call (drafts, other institutions' facts) is each RPC's own rule.
package enum EvaluationAccess {
  private static let office: RoleSet = [.regulator, .analyst, .operator]
  private static let deciders: RoleSet = [.regulator, .operator]
  private static let followers: RoleSet = [.regulator, .analyst, .operator, .service]
  private static let readers: RoleSet = [.regulator, .analyst, .operator, .service, .institution, .adviser]

  package static let table = AccessTable(
    service: "huirong.evaluation.v1.EvaluationService",
    [
      "CreateIndicator": office,
      "BatchCreateIndicators": office,
      "ReviseIndicator": office,
      "ListIndicators": .everyone,
      "ListBasisClashes": followers,
      "BatchRegisterInstitutions": office,
      "ListInstitutions": readers,
      "SubmitFacts": [.institution, .regulator, .analyst, .operator, .service],
      "ImportFacts": [.institution, .regulator, .analyst, .operator, .service],
      "ListPendingFacts": [.institution, .regulator, .analyst, .operator, .service],
      "DecidePendingFact": [.institution, .regulator, .analyst, .operator],
      "ListFacts": readers,
      "QueryFacts": followers,
      "StreamFacts": followers,
      "RankRegions": followers,
      "CreateScheme": office,
      "AdoptScheme": deciders,
      "TryScheme": office,
      "GetScheme": .everyone,
      "ListSchemes": .everyone,
      "RunEvaluation": office,
      "GetRun": .everyone,
      "ListRuns": followers,
      "ListRankings": .everyone,
      "ExplainScore": readers,
      "FindSmallestChanges": readers,
      "CompareScores": readers,
      "ListRankMovements": .everyone,
      "StartReview": deciders,
      "FileAppeal": [.institution],
      "AnswerAppeal": deciders,
      "ListAppeals": [.regulator, .analyst, .operator, .service, .institution],
      "CorrectRun": deciders,
      "PublishRun": deciders,
      "SetTargets": deciders,
      "ListProgress": readers,
      "ExportRun": followers,
      "SealExport": office,
      "ExportOpenData": .everyone,
      "NameExcellentAdvisers": deciders,
      "ListAdviserAwards": readers,
      "CreateTask": deciders,
      "ClaimTask": [.regulator],
      "ReportTask": [.regulator],
      "JudgeTask": deciders,
      "GetTask": followers,
      "ListTasks": followers,
      "GetFeedStatus": followers,
      "WatchEvaluation": followers,
      "VerifyChain": followers,
    ])
}
