import FundDomain
import FundStore
import Kernel
import Storage
import Testing

@Suite struct StoreTests {
  private func fund() async throws -> StoreFund {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    try await fund.run(try Fixture.facility(feePPM: 10_000, explicitFeeCap: 20_000, claimCap: 1_000_000))
    return fund
  }

  @Test func `everything a command decides is read back as it was`() async throws {
    let fund = try await fund()
    let reserved = try await fund.run(Fixture.reserve("g", affiliates: ["sister"]))
    #expect(try await fund.repository.guarantee("g") == reserved)
    let committed = try await fund.run(Fixture.commit("g"))
    #expect(try await fund.repository.guarantee("g") == committed)
    try await fund.run(Fixture.claim("g", interest: Fixture.yuan(5)), by: Fixture.bank)
    let paid = try await fund.run(
      ApproveClaim(guarantee: "g", businessDate: Fixture.day("2020-08-05")), by: Fixture.checker)
    #expect(try await fund.repository.guarantee("g") == paid)
    #expect(paid.claim?.checker == Officer(Fixture.checker))
    let proposal = try await fund.run(
      ProposeDecision(
        step: .recovery, subject: "guarantees/g", reasoned: DecisionTerms(amount: Fixture.yuan(7, 77)), on: "2020-08-06"
      ))
    #expect(try await fund.repository.record(Decision.self, proposal.id, in: "decisions") == proposal)
    let recovered = try await fund.run(
      RecordRecovery(guarantee: "g", amount: Fixture.yuan(7, 77), businessDate: Fixture.day("2020-08-06")),
      by: Fixture.checker)
    let done = try await fund.repository.record(Decision.self, proposal.id, in: "decisions")
    #expect(done.state == .done && done.transfers == [recovered.transfers.last])
    #expect(try await fund.repository.guarantee("g") == recovered)

    let view = try await fund.repository.facility("f")
    #expect(view.inForce == 0 && view.reserved == 0 && view.available == 5_000_000_000)
    #expect(view.claimRate == Rate(ppm: 1_000_005))
    #expect(view.facility.breaker == .tripped)
    let trial = try await fund.repository.trialBalance(ofPool: "pool", on: nil)
    #expect(trial.difference == 0 && trial.lines.count == 14)
    #expect(try await fund.daysOutOfBalance() == 0)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
    #expect(try await fund.repository.verify(.events).entries == 9)
  }

  @Test func `bridge loans are read back as they were`() async throws {
    let fund = try StoreFund(Fixture.rules("donghai-2025", "suite-conventions"))
    try await fund.run(Fixture.pool(region: "320722"))
    let programme = try await fund.run(
      CreateBridgeProgramme(
        id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan", explicitDailyFee: nil,
        explicitMaximumDays: nil, businessDate: Fixture.day("2025-09-01")))
    #expect(try await fund.repository.bridgeProgramme("p") == programme)
    var application = Fixture.bridge("b", Fixture.yuan(900_000))
    application.journey = "journeys/1"
    try await fund.run(application)
    try await fund.run(Fixture.promise("b"), by: Fixture.bank)
    try await fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try await fund.run(
      ApproveBridgeLoan(loan: "b", businessDate: Fixture.day("2025-10-03")), by: Fixture.checker)
    let paid = try await fund.run(
      DisburseBridgeLoan(loan: "b", days: 10, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
    #expect(try await fund.repository.bridgeLoan("b") == paid)
    let quote = try await fund.repository.quote(bridgeLoan: "b", on: Fixture.day("2025-10-12"))
    #expect(quote.fee == 54_000 && quote.state == .disbursed)
    let renewed = try await fund.run(Fixture.renewed("b", on: "2025-10-12"), by: Fixture.bank)
    #expect(try await fund.repository.bridgeLoan("b") == renewed)
    #expect(renewed.details.renewal?.newLoan == "N-b" && renewed.details.useCheck?.finding == .notDiverted)
    let closed = try await fund.run(
      RepayBridgeLoan(loan: "b", amount: Money(90_000_000 + 54_000, .cny), businessDate: Fixture.day("2025-10-12")))
    #expect(try await fund.repository.bridgeLoan("b") == closed)
    #expect(
      try await fund.repository.bridgeLoans(BridgeLoanFilter(journey: "journeys/1"), after: nil, limit: 10).items
        == [closed])
    #expect(try await fund.repository.trialBalance(ofPool: "pool", on: nil).difference == 0)
  }

  @Test func `a repeated request has one effect and one answer, another under its key is refused`() async throws {
    let fund = try await fund()
    let first = try await fund.reply(Fixture.reserve("g"), key: "k")
    guard case .fresh(let guarantee) = first else { return #expect(Bool(false)) }
    let again = try await fund.reply(Fixture.reserve("g"), key: "k")
    guard case .replayed(let bytes) = again else { return #expect(Bool(false)) }
    #expect(bytes == Array("\(guarantee)".utf8))
    let other = await refusalLater { _ = try await fund.reply(Fixture.reserve("h"), key: "k") }
    #expect(other?.reason == .requestIDReused)
    // A refusal is an answer too.
    let tooLarge = Fixture.reserve("i", borrower: "big", principal: Fixture.yuan(99_000_000))
    for _ in 0..<2 {
      #expect(await refusalLater { _ = try await fund.reply(tooLarge, key: "l") }?.reason == .limitExceeded)
    }
    #expect(
      try await fund.repository.guarantees(GuaranteeFilter(facility: "f"), after: nil, limit: 10).items.count == 1)
  }

  @Test func `a refused command leaves the accounts that later commands see untouched`() async throws {
    let fund = try await fund()
    let before = try await fund.repository.account("pool.8001.f")
    _ = await refusalLater {
      try await fund.run(Fixture.reserve("x", borrower: "big", principal: Fixture.yuan(99_000_000)))
    }
    try await fund.run(Fixture.reserve("g"))
    let after = try await fund.repository.account("pool.8001.f")
    #expect(after.balances.debitsPending == before.balances.debitsPending + 80_000_000)
    #expect(after.lastTransfer == before.lastTransfer + 1)
  }

  @Test(arguments: [
    ("UPDATE fund_transfer SET amount = amount + 1 WHERE number = 2", Int64(2)),
    ("UPDATE fund_transfer SET legs = (SELECT legs FROM fund_transfer WHERE number = 1) WHERE number = 3", 3),
    ("UPDATE fund_transfer SET business_day = business_day - 1 WHERE number = 1", 1),
    ("UPDATE fund_account SET debits_posted = debits_posted + 1 WHERE code = '1001'", 1),
    ("UPDATE fund_account SET debits_pending = debits_pending - 1 WHERE code = '8001.f'", 3),
  ]) func `a changed transfer is named, and so is a balance that the transfers do not bear out`(
    sql: String, number: Int64
  ) async throws {
    let fund = try await fund()
    try await fund.run(Fixture.reserve("g"))
    #expect(try await fund.repository.verify(.transfers).entries == 3)
    try await fund.tamper(sql)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == number)
  }

  @Test func `the balance after every transfer of a batch is known`() async throws {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for code in ["9a", "9b"] {
      try await fund.run(
        CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .debit, limit: .none))
    }
    var drafts: [TransferDraft] = []
    for number in 1...60 {
      let date = Fixture.day("2024-01-\(number % 20 + 10)")
      let legs = [LegDraft("pool.9a", Int64(number)), LegDraft("pool.9b", -Int64(number))]
      switch number % 4 {
      case 1:
        drafts.append(
          TransferDraft(
            id: Fixture.ulid(number), .pending(.clearing, legs, expiresOn: Fixture.day("2024-12-31")), on: date))
      case 2:
        drafts.append(
          TransferDraft(id: Fixture.ulid(number), .post(.id(Fixture.ulid(number - 1)), amount: 1), on: date))
      default: drafts.append(TransferDraft(id: Fixture.ulid(number), .single(.clearing, legs), on: date))
      }
    }
    let results =
      try await fund.run(CreateTransfers(Array(drafts[..<40]))) + fund.run(CreateTransfers(Array(drafts[40...])))
    #expect(results.allSatisfy { $0.status == .created })
    var expected = Balances()
    for (draft, result) in zip(drafts, results) {
      switch draft.action {
      case .single(_, let legs): expected.debitsPosted += legs[0].amount
      case .pending(_, let legs, _): expected.debitsPending += legs[0].amount
      default:
        expected.debitsPending -= Int64(result.number) - 2
        expected.debitsPosted += 1
      }
      let (_, found) = try await fund.repository.balances(of: "pool.9a", at: .transfer(result.number))
      #expect(found == expected, "after \(result.number)")
    }
    // By value date: what was posted on or before the day, whenever it was recorded.
    for day in 10...29 {
      let date = Fixture.day("2024-01-\(day)")
      let sum = drafts.enumerated().reduce(Int64(0)) { sum, entry in
        guard entry.element.businessDate <= date else { return sum }
        switch entry.element.action {
        case .single(_, let legs): return sum + legs[0].amount
        case .post: return sum + 1
        default: return sum
        }
      }
      let (_, found) = try await fund.repository.balances(of: "pool.9a", at: .businessDate(date))
      #expect(found == Balances(debitsPosted: sum))
      #expect(try await fund.repository.trialBalance(ofPool: "pool", on: date).difference == 0)
    }
  }

  @Test func `many callers that repeat the same requests have each effect exactly once`() async throws {
    let fund = try await fund()
    let repository = fund.repository
    let answers = try await withThrowingTaskGroup(of: [String].self) { group in
      for caller in 0..<16 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(caller))
          var answers: [String] = []
          for key in Array(0..<40).shuffled(using: &random) {
            let command = Fixture.reserve("g\(key)", borrower: "firm\(key)", principal: Fixture.yuan(1_000))
            let envelope = try CommandEnvelope(
              requestID: "key-\(key)", method: "huirong.fund.v1.FundService/ReserveGuarantee", caller: Fixture.officer,
              requestHash: [UInt8](repeating: UInt8(key), count: 32), now: Fixture.now)
            switch try await repository.execute(command, envelope: envelope, encode: { Array($0.id.utf8) }) {
            case .fresh(let guarantee): answers.append("fresh \(guarantee.id)")
            case .replayed(let bytes): answers.append(String(decoding: bytes, as: UTF8.self))
            }
          }
          return answers
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(answers.count == 640 && answers.filter { $0.hasPrefix("fresh") }.count == 40)
    let liability = try await repository.account("pool.8002.f")
    #expect(liability.balances == Balances(creditsPending: 40 * 80_000))
    #expect(try await repository.verify(.transfers).entries == 42)
  }

  @Test func `an account's transfers are listed page by page`() async throws {
    let fund = try await fund()
    for index in 0..<7 { try await fund.run(Fixture.reserve("g\(index)", borrower: "b\(index)")) }
    var numbers: [Int64] = []
    var after: Int64 = 0
    while true {
      let page = try await fund.repository.transfers(touching: "pool.8001.f", after: after, limit: 3)
      numbers += page.items.map(\.transfer.number)
      guard let next = page.next.flatMap(Int64.init) else { break }
      after = next
    }
    #expect(numbers == [2, 3, 4, 5, 6, 7, 8, 9])
    let view = try await fund.repository.transfer(number: 3)
    #expect(view.accounts == ["pool.8001.f", "pool.8002.f"])
    #expect(view.pendingState == .open && view.transfer.reference == "guarantees/g0")
  }

  @Test func `day end expires what lapsed and may be repeated`() async throws {
    let fund = try await fund()
    try await fund.run(Fixture.reserve("g"))
    let close = ExpireReservations(pool: "pool", businessDate: Fixture.day("2020-03-01"))
    #expect(try await fund.run(close).expiredGuarantees == 1)
    #expect(try await fund.run(close) == ExpireReservations.Report())
    #expect(try await fund.repository.guarantee("g").state == .expired)
    #expect(try await fund.repository.pool("pool").pool.lastDayEnd == Fixture.day("2020-03-01"))
    #expect(try await fund.repository.transfer(number: 3).pendingState == .expired)
  }

  @Test func `events come in order from any sequence on`() async throws {
    let fund = try await fund()
    try await fund.run(Fixture.reserve("g"))
    try await fund.run(Fixture.commit("g"))
    var kinds: [FundEvent.Kind] = []
    for try await recorded in fund.repository.watch(after: 1) {
      kinds.append(recorded.event.kind)
      if case .guarantee(let facts) = recorded.event.facts { #expect(facts.journey == "journeys/g") }
      if recorded.sequence == 4 { break }
    }
    #expect(kinds == [.facilityOpened, .guaranteeReserved, .guaranteeCommitted])
  }

  @Test func `lists are filtered and paged by name`() async throws {
    let fund = try await fund()
    for index in 0..<5 { try await fund.run(Fixture.reserve("g\(index)", borrower: index < 3 ? "x" : "y")) }
    try await fund.run(Fixture.commit("g1"))
    let all = GuaranteeFilter(borrower: "x")
    let page = try await fund.repository.guarantees(all, after: nil, limit: 2)
    #expect(page.items.map(\.id) == ["g0", "g1"] && page.next == "g1")
    #expect(try await fund.repository.guarantees(all, after: page.next, limit: 2).items.map(\.id) == ["g2"])
    let committed = GuaranteeFilter(facility: "f", state: .inForce)
    #expect(try await fund.repository.guarantees(committed, after: nil, limit: 9).items.map(\.id) == ["g1"])
    #expect(
      try await fund.repository.guarantees(GuaranteeFilter(journey: "journeys/g4"), after: nil, limit: 9).items.map(
        \.id)
        == ["g4"])
    #expect(await refusalLater { _ = try await fund.repository.guarantee("nobody") }?.reason == .resourceNotFound)
  }
}
