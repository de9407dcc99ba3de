import EvaluationDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import Testing

@testable import EvaluationAPI

@Suite("What crosses the service's edge") struct EdgeMappingTests {
  @Test func `every method has a row in the access table and every row a method`() throws {
    try EvaluationAccess.table.validate(against: Huirong_Evaluation_V1_EvaluationService.Method.descriptors)
  }

  private func demandEvent(
    _ sequence: Int64, from state: Huirong_Demand_V1_DemandState, claimed: String = "bank-a",
    _ payload: Huirong_Demand_V1_DemandEvent.OneOf_Payload
  ) throws -> [String] {
    var entry = Huirong_Demand_V1_WatchDemandsResponse()
    entry.header.sequence = sequence
    entry.header.commitTimeMicros = Given.now.microseconds
    entry.event.fromState = state
    entry.event.demand.claimedInstitution = claimed
    entry.event.payload = payload
    let event = try FeedEvent(entry)
    #expect(event.sequence == sequence)
    return event.effects.map { "\($0.institutionID) \($0.entry.id) \($0.amount)" }
  }

  private func money(_ units: Int64, _ currency: String = "CNY") -> Huirong_Common_V1_Money {
    var money = Huirong_Common_V1_Money()
    money.minorUnits = units
    money.currencyCode = currency
    return money
  }

  @Test func `a demand's steps count for the institution that takes them`() throws {
    var claim = Huirong_Demand_V1_DemandClaimed()
    claim.institution = "bank-a"
    #expect(try demandEvent(1, from: .pushed, claimed: "", .claimed(claim)) == ["bank-a feed.demands-claimed 1"])
    var offer = Huirong_Demand_V1_Offer()
    offer.institution = "bank-a"
    #expect(try demandEvent(2, from: .claimed, .offered(offer)) == ["bank-a feed.demands-offered 1"])
    #expect(try demandEvent(3, from: .offered, .offered(offer)) == [], "a revision is the same offer")
    var contract = Huirong_Demand_V1_Contract()
    contract.amount = money(500)
    #expect(
      try demandEvent(4, from: .offered, .signed(contract)) == [
        "bank-a feed.demands-signed 1", "bank-a feed.amount-signed 500",
      ])
    var payment = Huirong_Demand_V1_Disbursement()
    payment.amount = money(300, "USD")
    #expect(
      try demandEvent(5, from: .signed, .disbursed(payment)) == [
        "bank-a feed.demands-disbursed 1", "bank-a feed.amount-disbursed.usd 300",
      ])
    #expect(
      try demandEvent(6, from: .disbursed, .disbursed(payment)) == ["bank-a feed.amount-disbursed.usd 300"],
      "the second payment is of the same demand")
    #expect(try demandEvent(7, from: .disbursed, .closed(.init())) == ["bank-a feed.demands-closed 1"])
    #expect(try demandEvent(8, from: .hard, claimed: "", .closed(.init())) == [], "nobody's")
    #expect(try demandEvent(9, from: .assessed, .pushed(.init())) == [])
  }

  @Test func `an event counts in the month of its business day`() throws {
    var entry = Huirong_Demand_V1_WatchDemandsResponse()
    entry.header.commitTimeMicros = Given.now.microseconds
    entry.event.payload = .claimed(.init())
    #expect(try FeedEvent(entry).day.description == "2023-11-15", "the day of the step, in Asia/Shanghai")
    var contract = Huirong_Demand_V1_Contract()
    contract.amount = money(1)
    contract.signedOn = Huirong_Common_V1_Date(try BusinessDate(iso: "2023-10-31"))
    entry.event.payload = .signed(contract)
    #expect(try FeedEvent(entry).day.description == "2023-10-31")
    var event = Huirong_Fund_V1_FundEvent()
    event.header.commitTimeMicros = Given.now.microseconds
    event.businessDate = Huirong_Common_V1_Date(try BusinessDate(iso: "2023-09-30"))
    #expect(try FeedEvent(event).day.description == "2023-09-30")
  }

  private func fundEvent(_ type: String, lender: String = "bank-a") throws -> [String] {
    var event = Huirong_Fund_V1_FundEvent()
    event.header.type = type
    event.header.sequence = 1
    event.guarantee.lender = lender
    event.guarantee.guaranteedAmount = money(800)
    event.guarantee.amount = money(640)
    return try FeedEvent(event).effects.map { "\($0.institutionID) \($0.entry.id) \($0.amount)" }
  }

  @Test func `guarantees in force and claims paid count for the lender`() throws {
    #expect(
      try fundEvent("guarantee.committed") == [
        "bank-a feed.guarantees-committed 1", "bank-a feed.guaranteed-amount 800",
      ])
    #expect(
      try fundEvent("guarantee.compensated") == ["bank-a feed.claims-paid 1", "bank-a feed.claimed-amount 640"])
    #expect(try fundEvent("guarantee.reserved") == [])
    #expect(
      try fundEvent("guarantee.committed", lender: "First Bank & Co").first
        == "unidentified feed.guarantees-committed 1")
    var imported = Huirong_Fund_V1_FundEvent()
    imported.header.type = "guarantee.imported"
    imported.bookRow = .init()
    #expect(try FeedEvent(imported).effects.isEmpty)
  }

  @Test func `CSV quotes what needs quotes`() {
    let row = ScoreRow(
      institutionID: "a", title: "WACHOVIA \"SBA\" LENDING, INC.", table: "all", rank: 1, total: -1_500_000,
      regular: 84_621_700, bonus: 0, grade: "A", outsideReason: "", nodeScores: [])
    #expect(
      RankingCSV.line(row) == "all,1,a,\"WACHOVIA \"\"SBA\"\" LENDING, INC.\",-1.5,84.6217,0,A,\r\n")
  }

  @Test func `a scheme of the wrong form names the field`() {
    func field(_ change: (inout Huirong_Evaluation_V1_Scheme) -> Void) -> String? {
      var scheme = Huirong_Evaluation_V1_Scheme()
      scheme.name = "schemes/x"
      scheme.tableScope = .whole
      scheme.tieRule = .standard
      var node = Huirong_Evaluation_V1_SchemeNode()
      node.id = "leaf"
      node.function.minMax = .init()
      scheme.nodes = [node]
      change(&scheme)
      do throws(DomainError) {
        _ = try Scheme(scheme, now: Given.now)
        return nil
      } catch { return error.field }
    }
    #expect(field { _ in } == nil)
    #expect(field { $0.tieRule = .unspecified } == "scheme.tie_rule")
    #expect(field { $0.tieBreakerIds = ["x"] } == "scheme.tie_breaker_ids")
    #expect(field { $0.tableScope = .unspecified } == "scheme.table_scope")
    #expect(field { $0.nodes[0].clearFunction() } == "scheme.nodes[0].function")
    #expect(field { $0.nodes[0].function.kind = nil } == "scheme.nodes[0].function")
    #expect(field { $0.nodes[0].children = [$0.nodes[0]] } == "scheme.nodes[0]")
    #expect(field { $0.name = "scheme/x" } == "scheme.name")
    #expect(field { $0.digest = Data([1]) } == "scheme.digest")
    #expect(field { $0.bonuses = [.init()] } == "scheme.bonuses[0].missing")
    #expect(field { $0.gates = [.init()] } == "scheme.gates[0].comparison")
    #expect(
      field { scheme in
        for _ in 0..<2000 {
          var parent = Huirong_Evaluation_V1_SchemeNode()
          parent.children = scheme.nodes
          scheme.nodes = [parent]
        }
      }?.hasSuffix(".children") == true, "depth is bounded before it is walked")
  }
}
