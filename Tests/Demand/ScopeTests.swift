import DemandDomain
import Kernel
import Testing

@Suite struct ScopeTests {
  private func desk(_ state: DemandState) throws -> Desk { try Desk.at(state, try Fixture.policy()) }

  private func view(_ state: DemandState, _ caller: Caller) throws -> Demand {
    try DemandScope.view(try #require(try desk(state).demand), for: caller)
  }

  private let stranger = Caller(organisation: Fixture.otherUSCC, role: .enterprise, regionPrefix: "", subject: "x")
  private let elsewhere = Caller(organisation: "grid-370303", role: .gridWorker, regionPrefix: "370303", subject: "x")

  @Test func `a firm sees and touches only its own demands`() throws {
    #expect(try view(.submitted, Fixture.firm).contact != nil)
    #expect(refusal { try view(.submitted, stranger) }?.reason == .outOfScope)
    var desk = try desk(.submitted)
    #expect(refusal { try desk.run(try Fixture.command(.withdraw), by: stranger) }?.reason == .outOfScope)
    var fresh = try Desk(try Fixture.policy())
    #expect(refusal { try fresh.run(try Fixture.command(.submit), by: stranger) }?.reason == .outOfScope)
  }

  @Test func `a grid worker of one county cannot read or judge another's`() throws {
    #expect(refusal { try view(.submitted, elsewhere) }?.reason == .outOfScope)
    var desk = try desk(.submitted)
    let error = refusal { try desk.run(try Fixture.command(.assess), by: elsewhere) }
    #expect(error?.reason == .outOfScope)
    // The state is not given away.
    #expect(error?.metadata["state"] == nil)
  }

  @Test func `a grid worker of one village cannot read another's`() throws {
    let village = Caller(organisation: "grid", role: .gridWorker, regionPrefix: "370302001002", subject: "x")
    #expect(refusal { try view(.submitted, village) }?.reason == .outOfScope)
  }

  @Test func `an institution learns whom to call only by claiming`() throws {
    #expect(try view(.pushed, Fixture.bank("bank-a")).contact == nil)
    #expect(try view(.claimed, Fixture.bank("bank-a")).contact?.person == "李工")
    #expect(try view(.claimed, Fixture.bank("bank-b")).contact == nil)
    #expect(try view(.claimed, Fixture.adviser).contact == nil)
    #expect(try view(.claimed, Fixture.analyst).contact == nil)
    #expect(try view(.claimed, Fixture.regulator).contact != nil)
  }

  @Test func `an institution sees nothing of a demand that was not pushed to it`() throws {
    #expect(refusal { try view(.assessed, Fixture.bank("bank-a")) }?.reason == .outOfScope)
    var desk = try desk(.assessed)
    let demand = try desk.run(try Fixture.push(to: ["bank-a"]), by: Fixture.regulator)
    #expect(refusal { try DemandScope.view(demand, for: Fixture.bank("bank-b")) }?.reason == .outOfScope)
    #expect(refusal { try DemandScope.view(demand, for: Fixture.bank("bank-a")) } == nil)
  }

  @Test func `an institution sees neither its competitors nor their terms`() throws {
    var desk = try desk(.assessed)
    try desk.run(try Fixture.push(to: ["bank-a", "bank-b"]), by: Fixture.regulator)
    for kind in [DemandCommandKind.claim, .offer, .sign] {
      try desk.run(try Fixture.command(kind), by: Fixture.bank("bank-a"))
    }
    let demand = try #require(desk.demand)
    let view = try DemandScope.view(demand, for: Fixture.bank("bank-b"))
    #expect(view.offer == nil && view.contract == nil)
    #expect(view.institutionTargets.map(\.organisation) == ["bank-b"])
    #expect(view.claim?.institution == "bank-a")
    let own = try DemandScope.view(demand, for: Fixture.bank("bank-a"))
    #expect(own.offer != nil && own.contract != nil)
  }

  @Test func `a list asks only for what the caller may see`() throws {
    #expect(try DemandQuery().scoped(to: Fixture.firm).enterprise == Fixture.uscc)
    #expect(try DemandQuery().scoped(to: Fixture.grid).regionPrefix == "370302")
    #expect(try DemandQuery().scoped(to: Fixture.operators).regionPrefix == nil)
    #expect(try DemandQuery().scoped(to: Fixture.bank("bank-a")).targetInstitution == "bank-a")
    #expect(try DemandQuery(state: .pushed, pushMode: .open).scoped(to: Fixture.bank("bank-a")).regionPrefix == "3703")
    #expect(try DemandQuery(claimedInstitution: "bank-a").scoped(to: Fixture.bank("bank-a")).targetInstitution == nil)
    #expect(refusal { try DemandQuery(regionPrefix: "3706").scoped(to: Fixture.grid) }?.reason == .outOfScope)
    #expect(refusal { try DemandQuery(enterprise: Fixture.otherUSCC).scoped(to: Fixture.firm) }?.field == "filter")
    #expect(
      refusal { try DemandQuery(claimedInstitution: "bank-b").scoped(to: Fixture.bank("bank-a")) }?.reason
        == .outOfScope)
  }
}
