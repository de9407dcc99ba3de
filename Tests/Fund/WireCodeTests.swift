import FundDomain
import Protos
import SwiftProtobuf
import Testing

/// The codes that the store keeps are the numbers of the wire, name by name.
@Suite struct WireCodeTests {
  private func expectSame<Domain, Wire>(
    _ domain: Domain.Type, _ wire: Wire.Type, sourceLocation: SourceLocation = #_sourceLocation
  )
  where
    Domain: CaseIterable & RawRepresentable, Domain.RawValue == Int64, Wire: SwiftProtobuf.Enum & CaseIterable
  {
    let named = Domain.allCases.map { "\($0) \($0.rawValue)" }.filter { !$0.hasSuffix(" 0") }
    let wired = Wire.allCases.map { "\($0) \($0.rawValue)" }.filter { !$0.hasSuffix(" 0") }
    #expect(named == wired, sourceLocation: sourceLocation)
  }

  @Test func `every code has one name and one number`() {
    expectSame(BalanceSide.self, Huirong_Fund_V1_BalanceSide.self)
    expectSame(AccountClass.self, Huirong_Fund_V1_AccountClass.self)
    expectSame(AccountLimit.self, Huirong_Fund_V1_AccountLimit.self)
    expectSame(TransferPhase.self, Huirong_Fund_V1_TransferPhase.self)
    expectSame(PendingState.self, Huirong_Fund_V1_PendingState.self)
    expectSame(TransferStatus.self, Huirong_Fund_V1_TransferStatus.self)
    expectSame(ClaimRateBasis.self, Huirong_Fund_V1_ClaimRateBasis.self)
    expectSame(BreakerState.self, Huirong_Fund_V1_BreakerState.self)
    expectSame(GuaranteeState.self, Huirong_Fund_V1_GuaranteeState.self)
    expectSame(FeeDayCount.self, Huirong_Fund_V1_FeeDayCount.self)
    expectSame(BorrowerSize.self, Huirong_Common_V1_SizeBand.self)
    expectSame(PlatformGrade.self, Huirong_Common_V1_PlatformGrade.self)
    expectSame(BridgeBorrowerKind.self, Huirong_Fund_V1_BorrowerKind.self)
    expectSame(RenewalOutcome.self, Huirong_Fund_V1_RenewalOutcome.self)
    expectSame(LoanUseFinding.self, Huirong_Fund_V1_LoanUseFinding.self)
    expectSame(BridgeLoanState.self, Huirong_Fund_V1_BridgeLoanState.self)
    expectSame(BookOutcome.self, Huirong_Fund_V1_BookOutcome.self)
    expectSame(BookDisposition.self, Huirong_Fund_V1_BookDisposition.self)
    expectSame(BookFinding.self, Huirong_Fund_V1_BookFinding.self)
    expectSame(ReversalReason.self, Huirong_Fund_V1_ReversalReason.self)
    expectSame(ReversalState.self, Huirong_Fund_V1_ReversalState.self)
    expectSame(GuaranteeApplicationState.self, Huirong_Fund_V1_GuaranteeApplicationState.self)
    expectSame(ProjectionKind.self, Huirong_Fund_V1_ProjectionKind.self)
    expectSame(CoverState.self, Huirong_Fund_V1_CoverState.self)
    expectSame(SubsidyKind.self, Huirong_Fund_V1_SubsidyKind.self)
    expectSame(SubsidyAllocation.self, Huirong_Fund_V1_SubsidyAllocation.self)
    expectSame(SubsidyState.self, Huirong_Fund_V1_SubsidyState.self)
    expectSame(SubsidyPledge.self, Huirong_Fund_V1_PledgeKind.self)
    expectSame(SubsidyBoard.self, Huirong_Fund_V1_ListingBoard.self)
    expectSame(RenewalState.self, Huirong_Fund_V1_RenewalState.self)
    expectSame(StatementFormat.self, Huirong_Fund_V1_StatementFormat.self)
    expectSame(StatementLineState.self, Huirong_Fund_V1_StatementLineState.self)
    expectSame(ControlledStep.self, Huirong_Fund_V1_ControlledStep.self)
    expectSame(DecisionState.self, Huirong_Fund_V1_DecisionState.self)
    expectSame(ResolutionKind.self, Huirong_Fund_V1_ResolutionKind.self)
  }
}
