import DemandAPI
import DemandDomain
import DemandStore
import GRPCCore
import Kernel
import Policy
import Protos
import Storage
import SwiftProtobuf
import Testing

/// Days after which something can no longer happen, and what a demand's file and history hold.
@Suite struct LastDayTests {
  private static let after = Fixture.noonInShanghai(Fixture.date("2025-03-02"))

  @Test(arguments: [DemandState.assessed, .pushed, .claimed, .offered])
  func `after its last day a demand is not pushed, claimed, offered or signed`(_ state: DemandState) throws {
    var desk = try Desk.at(state, try Fixture.policy())
    let (command, caller): (DemandCommand, Caller) =
      switch state {
      case .assessed: (try Fixture.command(.push), Fixture.regulator)
      case .pushed: (try Fixture.command(.claim), Fixture.bank("bank-a"))
      case .claimed: (try Fixture.command(.offer), Fixture.bank("bank-a"))
      default:
        (
          .sign(
            try SignDemand(
              demand: Fixture.id(1), institution: "",
              contract: Contract(
                number: "1", amount: Fixture.yuan(1), signedOn: Fixture.date("2025-03-02"), revolving: false,
                drawBy: nil), reason: "")), Fixture.bank("bank-a")
        )
      }
    desk.now = Self.after
    let late = refusal { try desk.run(command, by: caller) }
    #expect(late?.reason == .policyConditionFailed && late?.metadata["last_day"] == "2025-03-01", "\(late as Any)")
    desk.now = Fixture.noonInShanghai(Fixture.date("2025-03-01"))
    if state != .offered { #expect(refusal { try desk.run(command, by: caller) } == nil) }
  }

  @Test func `a contract of the last day may be recorded later`() throws {
    var desk = try Desk.at(.offered, try Fixture.policy())
    desk.now = Self.after
    let contract = Contract(
      number: "1", amount: Fixture.yuan(1), signedOn: Fixture.date("2025-03-01"), revolving: false, drawBy: nil)
    let sign = try SignDemand(demand: Fixture.id(1), institution: "", contract: contract, reason: "")
    #expect(try desk.run(.sign(sign), by: Fixture.bank("bank-a")).state == .signed)
  }

  @Test func `a demand does not come in with a day that is past, and none ends before its time`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      for field in ["valid_until", "wanted_date"] {
        let error = await story.wire.refusal {
          try await story.submit {
            if field == "valid_until" { $0.validUntil = Wire.date(2025, 1, 1) }
            if field == "wanted_date" { $0.wantedDate = Wire.date(2025, 1, 1) }
          }
        }
        #expect(error?.reason == .invalidDate && error?.field == "demand.\(field)")
      }
      let demand = try await story.submit {
        $0.validUntil = Wire.date(2025, 1, 2)
        $0.wantedDate = Wire.date(2025, 1, 2)
      }
      let early = await story.wire.refusal {
        try await story.wire.run(
          "ExpireDemand",
          .with {
            $0.requestID = story.key()
            $0.name = demand.name
            $0.asOf = Wire.date(2025, 1, 3)
          }, by: Fixture.operators, story.wire.service.expireDemand(request:context:))
      }
      #expect(early?.reason == .invalidDate && early?.field == "as_of")
    }
  }

  @Test func `a conditional demand is judged again, and so is one that everybody has declined`() throws {
    let policy = try Fixture.policy()
    var desk = try Desk(policy, try Fixture.draft(consents: [.pbocCredit]))
    try desk.run(try Fixture.command(.submit), by: Fixture.firm)
    #expect(try desk.run(try Fixture.command(.assess), by: Fixture.grid).assessment?.verdict == .conditional)
    desk.enterprise = try Fixture.enterprise(policy)
    let judged = try desk.run(try Fixture.command(.reassess), by: Fixture.grid)
    #expect(judged.state == .assessed && judged.assessment?.verdict == .feasible && judged.assessment?.number == 2)

    try desk.run(try Fixture.push(to: ["bank-a"]), by: Fixture.regulator)
    try desk.run(try Fixture.command(.decline), by: Fixture.bank("bank-a"))
    #expect(desk.demand?.state == .declined)
    #expect(try desk.run(try Fixture.command(.reassess), by: Fixture.grid).state == .assessed)
    #expect(try DemandClocks.of(try #require(desk.demand), policy: policy).isEmpty)
    let mute = try PushDemand(
      demand: Fixture.id(1), mode: .directed,
      candidates: [.init(institution: "bank-b", product: "", score: .one)], reason: "")
    for caller in [Fixture.regulator, Fixture.operators] {
      let silent = refusal { try desk.run(.push(mute), by: caller) }
      #expect(silent?.reason == .requiredFieldMissing && silent?.field == "reason", "\(caller.role)")
    }
    #expect(try desk.run(try Fixture.push(to: ["bank-b"]), by: Fixture.operators).handling.secondLooks == 1)
  }

  @Test func `the sixtieth county's banks on duty receive its demands`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      try await test.store.write { session in
        for number in 1...60 {
          let county = number < 60 ? "3704\(number < 10 ? "0" : "")\(number)" : "370302"
          let fields = "{\"lead\":\"lead-\(number)\",\"month\":\"2025-01\",\"participating\":\"\"}"
          try session.execute(
            """
            INSERT INTO cases (id, kind, state, is_open, region_code, region_reach, title, topic, fields, steps, opened_by,
              opened_day, created_micros, updated_micros, revision)
            VALUES (?, 'duty_month', 'arranged', 1, ?, ?, '轮值行', '2025-01', ?, '[]', 'bureau', 20090, 0, 0, 1)
            """, [.text(Fixture.id(100 + number)), .text(county), .text(county), .text(fields)])
        }
      }
      try await test.run(try Fixture.command(.submit), "s", by: Fixture.firm)
      try await test.run(try Fixture.command(.assess), "a", by: Fixture.grid)
      try await test.run(try Fixture.command(.push), "p", by: Fixture.regulator)
      let demand = try await test.demands.demand(Fixture.id(1))
      #expect(demand.institutionTargets.map(\.organisation) == ["lead-60"])
    }
  }

  @Test func `a demand's history comes in pages and the past is the last event up to it`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let name = try await story.submit().name
      _ = try await story.wire.assess(name, story.key())
      for number in 1...5 {
        _ = try await story.wire.run(
          "NoteDemand",
          .with {
            $0.requestID = story.key()
            $0.name = name
            $0.text = "第 \(number) 次走访"
          }, by: Fixture.grid, story.wire.service.noteDemand(request:context:))
      }
      func page(_ token: String) async throws -> Huirong_Demand_V1_GetDemandHistoryResponse {
        try await story.wire.run(
          "GetDemandHistory",
          .with {
            $0.name = name
            $0.pageSize = 3
            $0.pageToken = token
          }, by: Fixture.grid, story.wire.service.getDemandHistory(request:context:))
      }
      var (sequences, token, sizes): ([Int64], String, [Int]) = ([], "", [])
      repeat {
        let found = try await page(token)
        sequences += found.entries.map(\.header.sequence)
        sizes.append(found.entries.count)
        token = found.nextPageToken
      } while !token.isEmpty
      #expect(sequences == Array(2...8) && sizes == [3, 3, 1])

      func then(_ sequence: Int64) async throws -> Huirong_Demand_V1_Demand {
        try await story.wire.run(
          "GetDemand",
          .with {
            $0.name = name
            $0.asOfSequence = sequence
          }, by: Fixture.grid, story.wire.service.getDemand(request:context:))
      }
      #expect(try await then(2).state == .submitted)
      let judged = try await then(5)
      #expect(judged.notes.count == 2 && judged.state == .assessed && !judged.assessment.rules.isEmpty)
      #expect(await story.wire.refusal { try await then(1) }?.reason == .resourceNotFound)
    }
  }
}
