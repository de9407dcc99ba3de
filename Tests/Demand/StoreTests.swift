import DemandDomain
import DemandStore
import Kernel
import Policy
import Storage
import Testing

@Suite struct StoreTests {
  @Test func `of 50 institutions that claim at once exactly one wins and the others learn who`() async throws {
    try await TestStore.with { test in
      try await test.pushed()
      let outcomes = await withTaskGroup(of: (String, DomainError?).self) { group in
        for number in 1...50 {
          group.addTask {
            let bank = "bank-\(number)"
            return (
              bank,
              await lateRefusal {
                try await test.run(
                  try Fixture.command(.claim, bank: bank), "claim", by: Fixture.bank(bank))
              }
            )
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let winners = outcomes.filter { $0.1 == nil }.map(\.0)
      #expect(winners.count == 1)
      #expect(outcomes.filter { $0.1 != nil }.allSatisfy { $0.1?.reason == .alreadyClaimed })
      #expect(outcomes.filter { $0.1 != nil }.allSatisfy { $0.1?.metadata["institution"] == winners.first })
      #expect(try await test.demands.demand(Fixture.id(1)).claim?.institution == winners.first)
      #expect(try await test.log().filter { $0.type == "demand.claimed" }.count == 1)
    }
  }

  @Test func `a repeated command answers as the first time and changes nothing`() async throws {
    try await TestStore.with { test in
      try await test.pushed()
      let claim = try Fixture.command(.claim)
      guard case .fresh(let first) = try await test.run(claim, "k", by: Fixture.bank("bank-a")) else {
        Issue.record("the first answer was replayed")
        return
      }
      let head = test.store.eventHead
      guard case .replayed(let bytes) = try await test.run(claim, "k", by: Fixture.bank("bank-a")) else {
        Issue.record("the second answer was computed again")
        return
      }
      #expect(bytes == Array(first.state.rawValue.utf8))
      #expect(test.store.eventHead == head)
      // A refusal is remembered too, even after what caused it has gone.
      let late = await lateRefusal { try await test.run(claim, "late", by: Fixture.bank("bank-a")) }
      try await test.run(try Fixture.command(.decline), "decline", by: Fixture.bank("bank-a"))
      let replayed = await lateRefusal { try await test.run(claim, "late", by: Fixture.bank("bank-a")) }
      #expect(late?.reason == .alreadyClaimed && replayed == late)
    }
  }

  @Test func `a restart keeps everything`() async throws {
    try await TestStore.with { test in
      try await test.pushed()
      for kind in [DemandCommandKind.claim, .offer, .sign, .disburse] {
        try await test.run(try Fixture.command(kind), kind.rawValue, by: Fixture.bank("bank-a"))
      }
      try await test.run(try Fixture.command(.close), "close", by: Fixture.grid)
      let before = try await test.demands.demand(Fixture.id(1))
      let firm = try await test.demands.enterprise(Fixture.uscc)
      let summary = try await test.demands.summary(prefix: "37")
      let log = try await test.log()
      await test.store.close()
      let again = try TestStore(test.configuration, test.policy)
      #expect(try await again.demands.demand(Fixture.id(1)) == before)
      #expect(try await again.demands.enterprise(Fixture.uscc) == firm)
      #expect(try await again.demands.summary(prefix: "37") == summary)
      #expect(try await again.log() == log)
      #expect(try await again.demands.verifyChain().firstBadSequence == nil)
      await again.store.close()
    }
  }

  @Test func `what is stored is what was decided, field by field`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      var desk = try Desk(test.policy)
      for (kind, caller) in [
        (DemandCommandKind.submit, Fixture.firm), (.assess, Fixture.grid), (.push, Fixture.regulator),
        (.claim, Fixture.bank("bank-a")), (.decline, Fixture.bank("bank-a")), (.claim, Fixture.bank("bank-b")),
        (.offer, Fixture.bank("bank-b")), (.sign, Fixture.bank("bank-b")), (.disburse, Fixture.bank("bank-b")),
        (.close, Fixture.grid),
      ] {
        let bank = caller.role == .institution ? caller.organisation : "bank-a"
        let command = try Fixture.command(kind, bank: bank)
        let decided = try desk.run(command, by: caller)
        guard case .fresh(let answered) = try await test.run(command, "\(kind)-\(bank)", by: caller) else { return }
        #expect(answered == decided)
        #expect(try await test.demands.demand(decided.id) == decided, "after \(kind)")
        var logged = decided
        logged.contact = nil
        logged.assessment?.rules = []
        guard
          case .demand(_, _, let after)? = try await test.demands.history(of: decided.id, after: 0, limit: 100).entries
            .last?.content
        else {
          Issue.record("no entry of \(kind)")
          return
        }
        #expect(after == logged, "after \(kind)")
      }
    }
  }

  @Test func `the log is gapless, its chain intact, and folding it gives the demand`() async throws {
    try await TestStore.with { test in
      try await test.pushed()
      for kind in [DemandCommandKind.claim, .offer, .sign, .disburse] {
        try await test.run(try Fixture.command(kind), kind.rawValue, by: Fixture.bank("bank-a"))
      }
      let log = try await test.log()
      #expect(log.map(\.sequence) == Array(1...Int64(log.count)))
      let verdict = try await test.demands.verifyChain()
      #expect(verdict.firstBadSequence == nil && verdict.entries == Int64(log.count))
      var folded: Demand?
      for entry in log {
        if case .demand(let event, _, _) = entry.content {
          folded = Demand.applying(event, entry.context, to: folded)
        }
      }
      var stored = try await test.demands.demand(Fixture.id(1))
      stored.contact = nil
      #expect(folded == stored)
      #expect(log.allSatisfy { $0.context.policyDigest == test.policy.digest && !$0.context.actor.isEmpty })
      #expect(
        try await test.demands.history(of: Fixture.id(1), after: 0, limit: 100).entries.map(\.type)
          == log.map(\.type).filter { $0.hasPrefix("demand.") })
    }
  }

  @Test func `a refused command leaves no trace`() async throws {
    try await TestStore.with { test in
      try await test.pushed()
      let head = test.store.eventHead
      let before = try await test.demands.demand(Fixture.id(1))
      for (kind, caller) in [
        (DemandCommandKind.sign, Fixture.bank("bank-a")), (.close, Fixture.grid), (.claim, Fixture.analyst),
        (.withdraw, Fixture.regulator),
      ] {
        #expect(await lateRefusal { try await test.run(try Fixture.command(kind), "r-\(kind)", by: caller) } != nil)
      }
      #expect(test.store.eventHead == head)
      #expect(try await test.demands.demand(Fixture.id(1)) == before)
    }
  }

  @Test func `a batch stores its good rows and reports its bad ones`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      let good = try Fixture.registration(Fixture.otherUSCC)
      let rows: [Result<RegisterEnterprise, DomainError>] = [
        .success(good), .failure(.invalid("enterprises[1].uscc", "bad")), .success(try Fixture.registration()),
        .success(good),
      ]
      let reply = try await test.demands.register(
        batch: rows, envelope: try test.envelope("batch", Fixture.operators), encode: { [UInt8($0.count)] })
      guard case .fresh(let results) = reply else { return }
      let reasons = results.map(reason)
      #expect(reasons == [nil, .invalidArgument, .resourceExists, .resourceExists])
      #expect(try await test.log().map(\.type) == ["enterprise.registered", "enterprise.registered"])
    }
  }

  private func reason(of row: RegisteredRow) -> ErrorReason? {
    if case .failure(let error) = row { return error.reason }
    return nil
  }

  @Test func `an update changes the named fields and keeps the rest`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      var change = UpdateEnterprise.Change()
      change.grade = .some(.a)
      change.consents = []
      let update = try UpdateEnterprise(id: Fixture.uscc, change: change, revision: 1, reason: "复评")
      _ = try await test.demands.update(
        update, envelope: try test.envelope("u", Fixture.operators), encode: { _ in [] })
      let firm = try await test.demands.enterprise(Fixture.uscc)
      #expect(firm.grade == .a && firm.consents.isEmpty && firm.tags.count == 1 && firm.revision == 2)
      let stale = await lateRefusal {
        try await test.demands.update(update, envelope: try test.envelope("v", Fixture.operators), encode: { _ in [] })
      }
      #expect(stale?.reason == .etagMismatch)
    }
  }

  @Test func `the expiry run ends what is past its last day, earliest first, and says when more is left`() async throws
  {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      for (number, day) in ["2025-02-03", "2025-02-01", "2025-02-02", "2025-02-05"].enumerated() {
        try await test.run(
          .submit(try Fixture.submission(id: Fixture.id(number), validUntil: Fixture.date(day))), "s\(number)",
          by: Fixture.firm)
      }
      try await test.run(.submit(try Fixture.submission(id: Fixture.id(9), validUntil: nil)), "s9", by: Fixture.firm)
      let day = Fixture.noonInShanghai(Fixture.date("2025-02-04"))
      let early = await lateRefusal {
        try await test.demands.expire(
          try ExpireDemands(asOf: Fixture.date("2025-02-04"), limit: 0),
          envelope: try test.envelope("e0", Fixture.operators), encode: { _ in [] })
      }
      #expect(early?.reason == .invalidDate && early?.field == "as_of")
      func expire(_ key: String, limit: Int) async throws -> ExpiredDemands {
        guard
          case .fresh(let run) = try await test.demands.expire(
            try ExpireDemands(asOf: Fixture.date("2025-02-04"), limit: limit),
            envelope: try test.envelope(key, Fixture.operators, at: day), encode: { _ in [] })
        else { return ExpiredDemands(ids: [], more: false) }
        return run
      }
      #expect(try await expire("e1", limit: 2) == ExpiredDemands(ids: [Fixture.id(1), Fixture.id(2)], more: true))
      #expect(try await expire("e2", limit: 0) == ExpiredDemands(ids: [Fixture.id(0)], more: false))
      #expect(try await expire("e3", limit: 0).ids.isEmpty)
      #expect(try await test.demands.demand(Fixture.id(9)).state == .submitted)
    }
  }
}
