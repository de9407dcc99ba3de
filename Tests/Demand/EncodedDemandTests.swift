import DemandDomain
import Foundation
import Kernel
import Policy
import SwiftProtobuf
import Testing

@testable import DemandAPI

/// A demand's bytes, which are written by hand, against those that the generated code makes of the message.
@Suite struct EncodedDemandTests {
  @Test(arguments: [UInt64(3), 20_230_621])
  func `a demand on any walk has the bytes of its message`(_ seed: UInt64) throws {
    let policy = try Fixture.policy()
    var walk = RandomWalk(generator: SeededGenerator(seed: seed), id: Fixture.id(1))
    var states: Set<DemandState> = []
    for _ in 0..<60 {
      var desk = try Desk(policy, walk.chance(15) ? Fixture.draft(grade: .e) : nil)
      try desk.run(try Fixture.command(.submit), by: Fixture.firm)
      var paper = PaperDemand(hardFirm: false, wanted: 200_000_000)
      for _ in 0..<40 {
        let next = walk.step(for: paper)
        let caller = walk.caller(for: next)
        _ = paper.take(next, by: caller, sameFirm: true, inRegion: true)
        _ = refusal { try desk.run(try walk.command(next), by: caller) }
        let demand = try #require(desk.demand)
        states.insert(demand.state)
        let bytes: [UInt8] = try demand.wire.serializedBytes()
        try #require(try demand.encoded == bytes, "seed \(seed): \(demand)")
      }
    }
    #expect(states.isSuperset(of: [.submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed]))
  }

  @Test func `every part of a demand has the bytes of its message`() throws {
    var desk = try Desk(try Fixture.policy())
    try desk.run(try Fixture.command(.submit), by: Fixture.firm)
    var demand = try #require(desk.demand)
    demand.purpose = String(repeating: "购买原材料和设备", count: 20)
    demand.contact = Contact(person: "", phone: "0533-1234567")
    demand.wantedDate = Fixture.today
    demand.validUntil = Fixture.today
    demand.profile.grade = .c
    demand.profile.firstLoan = true
    demand.profile.tags = ["专精特新", ""]
    demand.profile.consents = [HeldConsent(kind: .tax, expiresOn: Fixture.today)]
    demand.handling.collateral = .patent
    demand.handling.urgency = .urgent
    demand.handling.similar = [SimilarDemand(demand: Fixture.id(2), similarity: .split, amount: Fixture.yuan(0))]
    demand.handling.pauses = [Pause(from: Fixture.today, to: nil, reason: "等待材料")]
    demand.handling.missed = [MissedClock(kind: .accept, dueOn: Fixture.today, institution: nil, at: Fixture.noon)]
    demand.handling.plan = ImprovementPlan(
      steps: [.init(rule: "grade", text: "补充纳税记录")], reviewOn: Fixture.today, actor: "li", at: Fixture.noon)
    demand.handling.secondLooks = 2
    demand.offer = Offer(
      institution: "bank-a", amount: Fixture.yuan(1), rate: .zero, tenorMonths: 12, guaranteeNeeded: true, product: "",
      at: Instant(microseconds: -1))
    demand.contract = Contract(
      number: "", amount: Fixture.yuan(1), signedOn: Fixture.today, revolving: true, drawBy: Fixture.today,
      firstLoan: true)
    demand.disbursements = [
      Disbursement(
        amount: Fixture.yuan(1), paidOn: Fixture.today,
        evidence: try Evidence(
          kind: "receipt", reference: "1", sha256: [UInt8](repeating: 7, count: 32), field: "evidence"))
    ]
    demand.handling.documents = [
      DemandDocument(
        evidence: try Evidence(kind: "renewal-commitment", reference: "2", sha256: [], field: "evidence"),
        issuer: "bank-a", amount: Fixture.yuan(5), validUntil: Fixture.today, actor: "li", role: .gridWorker,
        at: Fixture.noon)
    ]
    demand.endReason = "withdrawn"
    let bytes: [UInt8] = try demand.wire.serializedBytes()
    #expect(try demand.encoded == bytes)
  }
}
