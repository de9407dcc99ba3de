package import RPCEdge

/// Who may call what. Decisions check further: an institution acts for itself only, a checker is not the maker.
package enum FundAccess {
  /// Officers of the fund.
  private static let officers: RoleSet = [.operator]
  /// The day-to-day of a loan: its bank, the fund, and the gateway on a journey.
  private static let business: RoleSet = [.operator, .institution, .service]
  private static let overview: RoleSet = [.operator, .regulator, .analyst, .service]
  private static let reading: RoleSet = [.operator, .institution, .regulator, .analyst, .service]

  package static let all = table.merging(compensation).merging(subsidy).merging(renewal).merging(reconciliation)

  package static let table = AccessTable(
    service: "huirong.fund.v1.FundService",
    [
      "CreatePool": officers,
      "GetPool": overview,
      "ListPools": overview,
      "GetAccount": overview,
      "CreateAccount": officers,
      "ListAccounts": overview,
      "GetBalance": overview,
      "CreateTransfers": officers,
      "GetTransfer": overview,
      "ListTransfers": overview,
      "GetTrialBalance": overview,
      "StreamTransfers": officers,
      "GetStatement": overview,
      "GetInclusionProof": overview,
      "ProposeDecision": officers,
      "WithdrawDecision": officers,
      "GetDecision": overview,
      "ListDecisions": overview,
      "SetAccountLimit": officers,
      "PayParty": officers,
      "ListAccountLimitChanges": overview,
      "ProposeReversal": officers,
      "ApproveReversal": officers,
      "ClosePeriod": officers,
      "ListPeriodCloses": overview,
      "AdvanceDay": [.operator, .service],
      "ListDayReports": overview,
      "ProjectSolvency": overview,
      "VerifyChain": overview,
      "GetFacilityReport": overview,
      "ApplyGuarantee": business,
      "ApproveGuaranteeApplication": officers,
      "DeclineGuaranteeApplication": officers,
      "GetGuaranteeApplication": reading,
      "ListGuaranteeApplications": overview,
      "BatchGuarantee": business,
      "ChangeGuarantee": business,
      "ExtendBridgeLoan": officers,
      "ListBridgeQueue": overview,
      "SuspendBridgeProgramme": officers,
      "GetBridgeTurnover": overview,
      "CreateFacility": officers,
      "GetFacility": reading,
      "ListFacilities": reading,
      "ResetBreaker": officers,
      "ReserveGuarantee": business,
      "CommitGuarantee": business,
      "VoidGuarantee": business,
      "ReleaseGuarantee": business,
      "ClaimGuarantee": business,
      "ApproveClaim": officers,
      "RejectClaim": officers,
      "ListRejectedClaims": reading,
      "RecordRecovery": officers,
      "WriteOffGuarantee": officers,
      "GetGuarantee": reading,
      "ListGuarantees": overview,
      "BatchImportGuaranteeBook": [.operator, .service],
      "GetBookSummary": overview,
      "ListLenderTotals": overview,
      "CreateBridgeProgramme": officers,
      "GetBridgeProgramme": reading,
      "ApplyBridgeLoan": business,
      "CommitRenewal": [.institution],
      "CheckLoanUse": [.operator, .institution],
      "RecordRenewal": [.institution],
      "ApproveBridgeLoan": officers,
      "DeclineBridgeLoan": business,
      "DisburseBridgeLoan": officers,
      "RepayBridgeLoan": [.operator, .service],
      "QuoteBridgeRepayment": reading,
      "GetBridgeLoan": reading,
      "ListBridgeLoans": overview,
      "ExpireReservations": [.operator, .service],
      "WatchFund": overview,
    ])

  private static let compensation = AccessTable(
    service: "huirong.fund.v1.CompensationService",
    [
      "CreateScheme": officers,
      "GetScheme": reading,
      "ListSchemes": reading,
      "RegisterCover": business,
      "ClaimCompensation": business,
      "ApproveCompensation": officers,
      "RejectCompensation": officers,
      "RecordCompensationRecovery": officers,
      "GetCover": reading,
      "ListCovers": overview,
    ])

  private static let subsidy = AccessTable(
    service: "huirong.fund.v1.SubsidyService",
    [
      "CreateProgramme": officers,
      "GetProgramme": reading,
      "ListProgrammes": reading,
      "ApplySubsidy": [.operator, .service],
      "AllocateProgramme": officers,
      "PaySubsidy": officers,
      "RejectSubsidy": officers,
      "GetSubsidyApplication": overview,
      "ListSubsidyApplications": reading,
      "ListPublishedSubsidies": .everyone,
    ])

  private static let renewal = AccessTable(
    service: "huirong.fund.v1.RenewalService",
    [
      "SetWhiteListed": business,
      "ListWhiteList": reading,
      "ApplyRenewal": business,
      "DecideRenewal": [.institution],
      "GetRenewal": reading,
      "ListRenewals": reading,
      "DeferLoan": business,
      "GetDeferral": reading,
      "ListDeferrals": reading,
    ])

  private static let reconciliation = AccessTable(
    service: "huirong.fund.v1.ReconciliationService",
    [
      "ImportStatement": officers,
      "GetBankStatement": overview,
      "ListBankStatements": overview,
      "ListStatementLines": overview,
      "ProposeResolution": officers,
      "ApproveResolution": officers,
      "ListUnmatchedTransfers": overview,
    ])
}
