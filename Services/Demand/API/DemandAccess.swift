import DemandDomain
package import RPCEdge

/// Who may call what. The rows of the demand's own commands follow from the state machine's table.
package enum DemandAccess {
  private static let house: RoleSet = [.operator, .service]
  private static let ledger: RoleSet = [.gridWorker, .regulator, .operator, .service]
  private static let overview: RoleSet = [.gridWorker, .regulator, .adviser, .analyst, .operator, .service]

  package static let table = AccessTable(
    service: "huirong.demand.v1.DemandService",
    [
      "RegisterEnterprise": ledger.union([.enterprise, .institution, .adviser]),
      "BatchRegisterEnterprises": ledger,
      "GetEnterprise": .everyone,
      "ListEnterprises": overview,
      "UpdateEnterprise": ledger.union(.enterprise),
      "ListDuplicateEnterprises": ledger,
      "GetEnterpriseHistory": .everyone,
      "SubmitDemand": roles(for: .submit),
      "GetDemand": .everyone,
      "ListDemands": .everyone,
      "AssessDemand": roles(for: .assess),
      "ReassessDemand": roles(for: .reassess),
      "PushDemand": roles(for: .push),
      "ClaimDemand": roles(for: .claim),
      "OfferDemand": roles(for: .offer),
      "SignDemand": roles(for: .sign),
      "RecordDisbursement": roles(for: .disburse),
      "CloseDemand": roles(for: .close),
      "DeclineDemand": roles(for: .decline),
      "WithdrawDemand": roles(for: .withdraw),
      "ExpireDemand": roles(for: .expire),
      "ExpireDemands": house,
      "WatchDemands": .everyone,
      "GetDemandHistory": .everyone,
      "SummarizeDemands": overview,
      "EscalateDemand": roles(for: .escalate),
      "PlanImprovement": roles(for: .plan),
      "InviteInstitution": roles(for: .invite),
      "JoinDemand": roles(for: .join),
      "AcknowledgeDemand": roles(for: .acknowledge),
      "RecordContact": roles(for: .contact),
      "PauseDemand": roles(for: .pause),
      "ResumeDemand": roles(for: .resume),
      "NoteDemand": roles(for: .note),
      "AttachDocument": roles(for: .attach),
      "ReopenDemand": roles(for: .reopen),
      "GetDemandClocks": .everyone,
      "AdvanceClocks": roles(for: .miss),
      "SearchDemands": .everyone,
      "ExportLedger": overview.union([.institution]),
      "ReportFigures": overview,
      "ExploreDemand": ledger.union([.enterprise, .adviser]),
      "ImportEnterprises": ledger,
      "VerifyEnterprise": ledger,
      "ReclassifyEnterprise": [.regulator, .operator, .service],
      "MergeEnterprises": [.regulator, .operator],
      "CheckCreditConsents": ledger.union([.institution, .enterprise]),
      "VerifyChain": [.regulator, .analyst, .operator, .service],
    ])

  /// Cases: their kinds' own tables say who may open and do what; here stands who may ask at all.
  package static let outreach = AccessTable(
    service: "huirong.demand.v1.OutreachService",
    [
      "OpenCase": ledger.union([.enterprise, .institution, .adviser]),
      "ActOnCase": ledger.union([.enterprise, .institution, .adviser]),
      "GetCase": .everyone,
      "ListCases": .everyone,
      "ListCaseSteps": .everyone,
      "ExportCases": overview.union([.institution]),
      "GenerateReport": ledger.union([.adviser]),
      "GetReport": overview,
      "SyncVisits": [.gridWorker, .operator],
      "ArrangeDuty": [.regulator, .operator],
      "ReportCases": overview,
      "ReportTargets": overview,
    ])

  private static func roles(for command: DemandCommandKind) -> RoleSet {
    RoleSet(Array(DemandMachine.roles(for: command)))
  }
}
