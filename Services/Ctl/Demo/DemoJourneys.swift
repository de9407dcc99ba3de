import Foundation
import Kernel
import Protos
import SwiftProtobuf
import Synchronization

/// A thousand journeys through the gateway, most to the end, some along every other way out.
struct DemoJourneys: Sendable {
  enum Course: Sendable {
    case toTheEnd, secondLook, withdrawn, signedThenExpired, declinedAfterOffer

    static func of(_ index: Int) -> Course {
      switch index % 20 {
      case 3: .secondLook
      case 7: .withdrawn
      case 11: .signedThenExpired
      case 15: .declinedAfterOffer
      default: .toTheEnd
      }
    }
  }

  struct Result: Sendable {
    var states: [Huirong_Demand_V1_DemandState: Int] = [:]
    var guarantees: [Huirong_Fund_V1_GuaranteeState: Int] = [:]
    /// Refusals that are part of the story (a tripped breaker, a limit), by reason.
    var refusals: [String: Int] = [:]
    /// Guarantees in force whose loan the SBA file says was charged off: the demonstration claims under some.
    var badLoans: [JourneyView] = []
    var firstHard: Huirong_Demand_V1_Demand?
  }

  let suite: DemoSuite
  let loans: [(row: Int, loan: SBALoan)]
  static let concurrency = 24

  func run(_ progress: ProgressBar) async throws -> Result {
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, entry) in loans.enumerated() {
        if index >= Self.concurrency { try await group.next() }
        let (row, loan) = (entry.row, entry.loan)
        group.addTask {
          let view = try await self.travel(index, row, loan, tally)
          tally.change { Self.count(view, loan, in: &$0) }
          progress.advance()
        }
      }
      try await group.waitForAll()
    }
    return tally.current
  }

  /// What the journeys running side by side have come to.
  private final class Tally: Sendable {
    private let result = Mutex(Result())

    var current: Result { result.withLock { $0 } }

    func change(_ body: @Sendable (inout Result) -> Void) { result.withLock { body(&$0) } }
  }

  private static func count(_ view: JourneyView, _ loan: SBALoan, in result: inout Result) {
    result.states[view.demand.state, default: 0] += 1
    for guarantee in view.guarantees { result.guarantees[guarantee.state, default: 0] += 1 }
    if loan.outcome == .chargedOff, view.guarantees.contains(where: { $0.state == .inForce }) {
      result.badLoans.append(view)
    }
    if view.demand.state == .hard, result.firstHard == nil { result.firstHard = view.demand }
  }

  private func travel(
    _ index: Int, _ row: Int, _ loan: SBALoan, _ tally: Tally
  ) async throws -> JourneyView {
    let course = Course.of(index)
    var journey = try await submit(index, row, loan)
    guard journey.demand.state == .pushed else { return journey }
    let firm = Actor.enterprise(firmCode(journey.demand))
    if course == .withdrawn {
      return try await act(
        journey, "withdraw", Huirong_Demand_V1_WithdrawDemandRequest.with { $0.reason = "自有资金解决" }, as: firm)
    }
    var banks = journey.demand.targets.filter { $0.kind == .institution && $0.state == .pushed }.map(\.organisation)
    if banks.isEmpty { banks = [Self.bankOfLastResort] }
    if course == .secondLook, let first = banks.first {
      journey = try await act(
        journey, "decline", Huirong_Demand_V1_DeclineDemandRequest.with { $0.reason = "本行额度已满，推荐其他机构" },
        as: .institution(first))
      banks.removeFirst()
      guard journey.demand.state == .pushed, !banks.isEmpty else { return journey }
    }
    let bank = Actor.institution(banks[0])
    journey = try await act(journey, "claim", Huirong_Demand_V1_ClaimDemandRequest(), as: bank)
    journey = try await act(journey, "offer", offer(journey.demand), as: bank)
    if course == .declinedAfterOffer {
      return try await act(
        journey, "decline", Huirong_Demand_V1_DeclineDemandRequest.with { $0.reason = "尽调未通过" }, as: bank)
    }
    do {
      journey = try await act(
        journey, "sign", try contract(index, journey.demand, lapsed: course == .signedThenExpired), as: bank)
    } catch let refusal as GatewayClient.Refusal {
      let reason = refusal.reason ?? "HTTP \(refusal.status)"
      tally.change { $0.refusals[reason, default: 0] += 1 }
      return journey
    }
    if course == .signedThenExpired {
      let today = suite.today.proto
      return try await act(
        journey, "expire", Huirong_Demand_V1_ExpireDemandRequest.with { $0.asOf = today }, as: .platform)
    }
    journey = try await act(journey, "disburse", payment(index, journey.demand), as: bank)
    return try await act(
      journey, "close",
      Huirong_Demand_V1_CloseDemandRequest.with {
        $0.evidence = [Self.evidence("drawdown-slip", "demo/\(index)")]
        $0.reason = "资金到位，销号"
      }, as: .gridWorker(journey.demand.regionCode))
  }

  private func submit(_ index: Int, _ row: Int, _ loan: SBALoan) async throws -> JourneyView {
    guard let uscc = DemoFirms.uscc(row: row, district: DemoFirms.district(row: row)) else {
      throw DomainError(.internal, "no credit code for row \(row)")
    }
    let demand = Huirong_Demand_V1_Demand.with {
      $0.enterprise = "enterprises/\(uscc)"
      $0.amount = yuan(loan.approvedCents)
      $0.tenorMonths = Int32(loan.termMonths)
      $0.purpose = loan.isNewBusiness ? "创业经营，购置设备" : "补充流动资金"
      $0.securityMode = index % 2 == 0 ? .guarantee : index % 3 == 0 ? .mortgage : .credit
      $0.instrument = .loan
      $0.channel = index % 4 == 0 ? .grid : .online
      $0.contact.person = "负责人"
      $0.contact.phone = "0533-1000000"
    }
    return try await suite.gateway.post("/v1/journeys", demand, key: "demo-\(index)-submit", as: .enterprise(uscc))
  }

  private func act(
    _ journey: JourneyView, _ action: String, _ message: some SwiftProtobuf.Message, as actor: Actor
  ) async throws -> JourneyView {
    try await suite.gateway.post(
      "/v1/journeys/\(journey.id):\(action)", message, key: "demo-\(journey.id)-\(action)", as: actor)
  }

  private func offer(_ demand: Huirong_Demand_V1_Demand) -> Huirong_Demand_V1_OfferDemandRequest {
    .with {
      $0.amount = demand.amount
      $0.rate.ppm = 34_500
      $0.tenorMonths = demand.tenorMonths
      $0.guaranteeNeeded = demand.securityMode == .guarantee
      $0.product = demand.targets.first?.product ?? ""
    }
  }

  /// - Parameter lapsed: signed the day before, to be drawn that day: by now it is too late.
  private func contract(
    _ index: Int, _ demand: Huirong_Demand_V1_Demand, lapsed: Bool
  ) throws -> Huirong_Demand_V1_SignDemandRequest {
    let day = lapsed ? try suite.today.adding(days: -1).proto : suite.today.proto
    return .with {
      $0.contract.number = "HT-\(index)"
      $0.contract.amount = demand.offer.amount
      $0.contract.signedOn = day
      if lapsed { $0.contract.drawBy = day }
    }
  }

  private func payment(_ index: Int, _ demand: Huirong_Demand_V1_Demand) -> Huirong_Demand_V1_RecordDisbursementRequest
  {
    .with {
      $0.disbursement.amount = demand.contract.amount
      $0.disbursement.paidOn = suite.today.proto
      $0.disbursement.evidence = Self.evidence("drawdown-slip", "demo/\(index)")
    }
  }

  private func firmCode(_ demand: Huirong_Demand_V1_Demand) -> String {
    String(demand.enterprise.drop { $0 != "/" }.dropFirst())
  }

  static func evidence(_ kind: String, _ reference: String) -> Huirong_Common_V1_Evidence {
    .with {
      $0.kind = kind
      $0.reference = reference
    }
  }

  /// Takes up what no product of the catalog fits, under 抢单.
  static let bankOfLastResort = "city-commercial-bank"
}
