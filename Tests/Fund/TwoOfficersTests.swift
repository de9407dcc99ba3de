import FundDomain
import GRPCCore
import Kernel
import Protos
import Testing

/// Every path by which money leaves a pool, or a claim or a bound is given up, takes two people. The table below has a row a
/// path; a new posting template or a new RPC without a row fails here.
@Suite struct TwoOfficersTests {
  /// A case that waits for its last step.
  struct Waiting {
    var fund: MemoryFund
    /// Everybody who took an earlier step.
    var hands: [Caller]
    /// Organisation that is paid; empty for none.
    var beneficiary = ""
    var last: (Caller) throws -> Void
  }

  struct Path: CustomTestStringConvertible, Sendable {
    let step: ControlledStep
    let name: String
    let prepare: @Sendable () throws -> Waiting
    var testDescription: String { name }
  }

  private static let fourth = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "qian")

  @Test(arguments: paths) func `the last step is another person's`(path: Path) throws {
    let waiting = try path.prepare()
    for hand in waiting.hands {
      // The same person stays the same person whatever role the credentials give.
      for role in [hand.role, Role.operator] {
        let again = Caller(
          organisation: hand.organisation, role: role, regionPrefix: hand.regionPrefix, subject: hand.subject)
        #expect(refusal { try waiting.last(again) }?.reason == .sameOfficer, "\(again)")
      }
    }
    if !waiting.beneficiary.isEmpty {
      let insider = Caller(organisation: waiting.beneficiary, role: .operator, regionPrefix: "37", subject: "insider")
      #expect(refusal { try waiting.last(insider) }?.reason == .sameOfficer)
    }
    let nobody = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "")
    #expect(refusal { try waiting.last(nobody) }?.reason == .sameOfficer)
    let analyst = Caller(organisation: "fund", role: .analyst, regionPrefix: "37", subject: "analyst")
    #expect(refusal { try waiting.last(analyst) }?.reason == .roleNotAllowed)

    let before = waiting.fund.transfers.count
    try waiting.last(Self.fourth)
    let posted = waiting.fund.transfers.dropFirst(before)
      .filter { $0.phase.posts && $0.template.takesTwoOfficers }
    let decisions = try waiting.fund.records(Decision.self, RecordQuery()).filter { $0.step == path.step }
    let decision = try #require(decisions.last)
    #expect(decision.state == .done && decision.checker == Officer(Self.fourth))
    #expect(Set(waiting.hands.map(Officer.init)).isSubset(of: decision.makers))
    if path.step == .bookImport {
      #expect(!posted.isEmpty)
    } else {
      #expect(decision.transfers == posted.map(\.number))
    }
    #expect(posted.isEmpty == path.step.postings.isEmpty)
    #expect(waiting.fund.imbalance == 0)
  }

  @Test func `somebody of the same name in another organisation is somebody else`() throws {
    let waiting = try #require(try Self.paths.first { $0.step == .recovery }?.prepare())
    let hand = try #require(waiting.hands.first)
    try waiting.last(Caller(organisation: "other-fund", role: .operator, regionPrefix: "37", subject: hand.subject))
  }

  @Test func `every step has a row, and every template that pays belongs to a step`() {
    #expect(Set(Self.paths.map(\.step)) == Set(ControlledStep.allCases))
    let owned = ControlledStep.allCases.reduce(into: Set<PostingTemplate>()) { $0.formUnion($1.postings) }
    #expect(owned == Set(PostingTemplate.allCases.filter(\.takesTwoOfficers)))
    for template in PostingTemplate.allCases where template.shape.credits.contains(.cash) {
      #expect(template.takesTwoOfficers && template.shape.access == .product, "\(template)")
    }
  }

  /// A payment that a command forgets to put under two officers.
  private struct Leak: FundCommand {
    let template: PostingTemplate
    let debit: String

    func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Int64 {
      let legs = [LegDraft("pool.\(debit)", 1), LegDraft("pool.1001", -1)]
      return try fund.ledger.post(
        TransferDraft(.single(template, legs), on: Fixture.day("2020-03-01"), reference: "guarantees/g")
      ).number
    }
  }

  @Test(arguments: [(PostingTemplate.claimPayout, "1201"), (.bridgePayout, "1301")])
  func `what no two officers stand for is not posted, whatever the command`(template: PostingTemplate, debit: String)
    throws
  {
    let fund = try Fixture.fund()
    let before = fund.transfers.count
    #expect(refusal { try fund.run(Leak(template: template, debit: debit)) }?.reason == .internal)
    #expect(fund.transfers.count == before && fund.imbalance == 0)
  }

  /// RPCs that change something and yet move nothing out, with what makes that so.
  private static let uncontrolled: Set<String> = [
    // Money comes in, or a frame is set within which every payment has its own two officers.
    "CreatePool", "CreateAccount", "CreateFacility", "CreateBridgeProgramme", "CreateScheme", "CreateProgramme",
    // Directly usable templates never credit cash.
    "CreateTransfers", "StreamTransfers",
    // First steps: they make the case that somebody else decides.
    "ApplyGuarantee", "ClaimGuarantee", "ApplyBridgeLoan", "CommitRenewal", "CheckLoanUse", "RegisterCover",
    "ClaimCompensation", "ApplySubsidy", "AllocateProgramme", "ProposeReversal", "ProposeResolution", "ProposeDecision",
    "WithdrawDecision",
    // Liability by rule (见贷即保, 总对总), never money.
    "ReserveGuarantee", "CommitGuarantee", "VoidGuarantee", "ReleaseGuarantee", "BatchGuarantee",
    // Refusals and waiting: nothing leaves.
    "DeclineGuaranteeApplication", "DeclineBridgeLoan", "RejectSubsidy", "ExtendBridgeLoan",
    // Money comes back, or a bank says why it does.
    "RepayBridgeLoan", "RecordRenewal",
    // Days, closes, statements, renewals: no money of a pool.
    "AdvanceDay", "ExpireReservations", "ClosePeriod", "ImportStatement", "SetWhiteListed", "ApplyRenewal",
    "DecideRenewal", "DeferLoan",
  ]

  private static let controlled: [String: ControlledStep] = [
    "ApproveGuaranteeApplication": .guaranteeContract, "ApproveClaim": .claimPayment, "RejectClaim": .claimRejection,
    "WriteOffGuarantee": .writeOff, "RecordRecovery": .recovery, "ApproveBridgeLoan": .bridgeApproval,
    "DisburseBridgeLoan": .bridgePayout, "ApproveCompensation": .compensationPayment,
    "RejectCompensation": .compensationRejection, "RecordCompensationRecovery": .compensationRecovery,
    "PaySubsidy": .subsidyPayment, "ApproveReversal": .reversal, "ApproveResolution": .resolution,
    "SetAccountLimit": .limitChange, "ResetBreaker": .breakerReset, "BatchImportGuaranteeBook": .bookImport,
    "PayParty": .partyPayment,
    // To a later maturity; a release of a part is the lender's word.
    "ChangeGuarantee": .guaranteeExtension,
    // That lets lend again; stopping needs one.
    "SuspendBridgeProgramme": .programmeResumption,
  ]

  @Test func `every RPC that changes something says whether it takes two officers`() {
    let reads = ["Get", "List", "Watch", "Quote", "Project", "Verify"]
    let descriptors =
      Huirong_Fund_V1_FundService.Method.descriptors + Huirong_Fund_V1_CompensationService.Method.descriptors
      + Huirong_Fund_V1_SubsidyService.Method.descriptors + Huirong_Fund_V1_RenewalService.Method.descriptors
      + Huirong_Fund_V1_ReconciliationService.Method.descriptors
    let changing = descriptors.map(\.method).filter { name in !reads.contains { name.hasPrefix($0) } }
    #expect(Set(changing) == Self.uncontrolled.union(Self.controlled.keys))
    #expect(Set(Self.controlled.values) == Set(ControlledStep.allCases))
  }
}
