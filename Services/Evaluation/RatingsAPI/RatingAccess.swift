package import RPCEdge

/// Who may call what. What a caller sees inside a call (its own firm, its region) is each RPC's own rule.
package enum RatingAccess {
  private static let office: RoleSet = [.regulator, .analyst, .operator]
  private static let followers: RoleSet = [.regulator, .analyst, .operator, .service]
  private static let readers: RoleSet = [.regulator, .analyst, .operator, .service, .institution, .adviser]

  package static let table = AccessTable(
    service: "huirong.evaluation.v1.RatingService",
    [
      "CreateScorecard": office,
      "GetScorecard": .everyone,
      "ListScorecards": .everyone,
      "AdoptScorecard": [.regulator, .operator],
      "RetireScorecard": [.regulator, .operator],
      "RateEnterprise": followers,
      "GetRating": [.regulator, .analyst, .operator, .service, .institution, .adviser, .enterprise],
      "ListRatings": readers,
      "RecordOutcome": [.regulator, .analyst, .operator, .service],
      "MonitorScorecard": followers,
      "WatchRatings": followers,
    ])
}
