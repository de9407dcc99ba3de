package import EvaluationDomain
package import Kernel
package import PlainRPC
package import Protos
import RPCEdge

/// The demand service's log: what institutions do with demands.
package struct DemandFeed: FeedLog {
  package let source = FeedSource.demand
  private let client: Huirong_Demand_V1_DemandService.PlainClient

  package init(_ client: PlainClient) { self.client = Huirong_Demand_V1_DemandService.PlainClient(client) }

  package func follow(
    after sequence: Int64, opened: @Sendable () async -> Void,
    receive: @Sendable (FeedEvent) async throws -> Void
  ) async throws {
    var request = Huirong_Demand_V1_WatchDemandsRequest()
    request.afterSequence = sequence
    let stream = try await client.watchDemands(request, options: PlainCallOptions(waitForReady: false))
    await opened()
    for try await entry in stream { try await receive(FeedEvent(entry)) }
  }
}

extension FeedEvent {
  /// An institution's steps count for it in the month of their business day: claims, first offers, contracts and their amounts,
  /// first disbursements and all amounts paid out, and close-outs of demands that it financed.
  package init(_ entry: Huirong_Demand_V1_WatchDemandsResponse) throws(DomainError) {
    self.init(
      source: .demand, sequence: entry.header.sequence, day: try Self.day(entry),
      effects: try Self.effects(entry.event))
  }

  /// The day that the contract or the payment names; otherwise the day on which the step was taken.
  private static func day(_ entry: Huirong_Demand_V1_WatchDemandsResponse) throws(DomainError) -> BusinessDate {
    switch entry.event.payload {
    case .signed(let contract) where contract.hasSignedOn:
      try BusinessDate(contract.signedOn, field: "signed.signed_on")
    case .disbursed(let payment) where payment.hasPaidOn:
      try BusinessDate(payment.paidOn, field: "disbursed.paid_on")
    case .jointSigned(let member) where member.contract.hasSignedOn:
      try BusinessDate(member.contract.signedOn, field: "joint_signed.contract.signed_on")
    case .jointDisbursed(let member) where member.disbursement.hasPaidOn:
      try BusinessDate(member.disbursement.paidOn, field: "joint_disbursed.disbursement.paid_on")
    default: try Instant(microseconds: entry.header.commitTimeMicros).shanghaiDate()
    }
  }

  private static func effects(_ event: Huirong_Demand_V1_DemandEvent) throws(DomainError) -> [FeedEffect] {
    let institution = FeedInstitution.id(event.demand.claimedInstitution)
    switch event.payload {
    case .claimed(let claim): return [.count(.demandsClaimed, FeedInstitution.id(claim.institution))]
    case .offered(let offer):
      // A revised offer is the same offer.
      return event.fromState == .offered ? [] : [.count(.demandsOffered, FeedInstitution.id(offer.institution))]
    case .signed(let contract):
      return [
        .count(.demandsSigned, institution),
        .money(.amountSigned, institution, try Money(contract.amount, field: "signed.amount")),
      ]
    case .disbursed(let payment):
      let amount = FeedEffect.money(.amountDisbursed, institution, try Money(payment.amount, field: "disbursed.amount"))
      return event.fromState == .disbursed ? [amount] : [.count(.demandsDisbursed, institution), amount]
    case .closed:
      return event.demand.claimedInstitution.isEmpty ? [] : [.count(.demandsClosed, institution)]
    case .joined(let member): return [.count(.demandsClaimed, FeedInstitution.id(member.institution))]
    case .jointSigned(let member):
      return [
        .count(.demandsSigned, FeedInstitution.id(member.institution)),
        .money(
          .amountSigned, FeedInstitution.id(member.institution),
          try Money(member.contract.amount, field: "joint_signed.contract.amount")),
      ]
    case .jointDisbursed(let member):
      // The event does not tell a member's first payment from later ones: the amount counts, the demand does not.
      return [
        .money(
          .amountDisbursed, FeedInstitution.id(member.institution),
          try Money(member.disbursement.amount, field: "joint_disbursed.disbursement.amount"))
      ]
    // A member's offer may revise an earlier one of its own, so offers of members are not counted. A demand that is
    // opened again was closed all the same: what is counted is the act.
    case .enterpriseRegistered, .enterpriseUpdated, .submitted, .assessed, .pushed, .declined, .withdrawn, .expired,
      .escalated, .planned, .invited, .left, .jointOffered, .acknowledged, .contacted, .paused, .resumed, .clockMissed,
      .noted, .reopened, .caseChanged, .documentAttached, nil:
      return []
    }
  }
}

enum FeedInstitution {
  /// Where events are counted that name an institution in another form than an id.
  static let unidentified = "unidentified"

  static func id(_ name: String) -> String { ResourceName.isID(name) ? name : unidentified }
}
