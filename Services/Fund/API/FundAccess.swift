package import RPCEdge

/// Who may call what. Decisions check further: an institution acts for itself only, a checker is not the maker.
package enum FundAccess {
  /// Officers of the fund.
  private static let officers: RoleSet = [.operator]
  /// The day-to-day of a loan: its bank, the fund, and the gateway on a journey.
  private static let business: RoleSet = [.operator, .institution, .service]
  private static let overview: RoleSet = [.operator, .regulator, .analyst, .service]
  private static let reading: RoleSet = [.operator, .institution, .regulator, .analyst, .service]

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
      "VerifyChain": overview,
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
}
