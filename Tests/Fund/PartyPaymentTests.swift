import FundDomain
import Kernel
import Testing

/// What a pool owes the parties to its guarantees is paid out to them, no more and by two officers.
@Suite struct PartyPaymentTests {
  private let day = Fixture.day("2020-09-01")

  /// A claim of ¥1 000 000 shared 20 : 40 : 20 : 10 : 10 of which ¥100 came back: the bank is owed ¥20.
  private func fund() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    try fund.run(Fixture.claim("g"), by: Fixture.bank)
    try fund.run(ApproveClaim(guarantee: "g", businessDate: day), by: Fixture.cashier)
    try propose(.recovery, "guarantees/g", DecisionTerms(amount: Fixture.yuan(100)), in: fund)
    try fund.run(
      RecordRecovery(guarantee: "g", amount: Fixture.yuan(100), businessDate: day), by: Fixture.checker)
    return fund
  }

  private func propose(
    _ step: ControlledStep, _ subject: String, _ terms: DecisionTerms, in fund: MemoryFund
  ) throws {
    try fund.run(
      ProposeDecision(step: step, subject: subject, reasoned: terms, on: "2020-09-01"), by: Fixture.officer)
  }

  private func payment(_ amount: Money, to payee: String = "bank-a", of party: String = "bank") -> PayParty {
    PayParty(account: "pool.1202.\(party)", payee: payee, amount: amount, businessDate: day)
  }

  private func terms(_ amount: Money, _ payee: String? = "bank-a") -> DecisionTerms {
    DecisionTerms(amount: amount, party: payee)
  }

  @Test func `a bank is paid its part of what came back, to the cent`() throws {
    let fund = try fund()
    let bank = "accounts/pool.1202.bank"
    #expect(fund.balances("pool.1202.bank")?.creditsPosted == 2000)
    let cash = try #require(fund.balances("pool.1001"))
    #expect(
      refusal { try propose(.partyPayment, bank, terms(Fixture.yuan(20, 1)), in: fund) }?.reason == .limitExceeded)
    try propose(.partyPayment, bank, terms(Fixture.yuan(20)), in: fund)
    #expect(refusal { try fund.run(payment(Fixture.yuan(20)), by: Fixture.officer) }?.reason == .sameOfficer)
    let paid = try fund.run(payment(Fixture.yuan(20)), by: Fixture.checker)
    #expect(paid.balances.posted(on: .debit) == 0)
    #expect(fund.balances("pool.1001")?.creditsPosted == cash.creditsPosted + 2000)
    #expect(fund.imbalance == 0)
    #expect(refusal { try fund.run(payment(Fixture.yuan(0, 1)), by: Fixture.checker) }?.reason == .limitExceeded)
    let decision = try #require(
      try fund.records(Decision.self, RecordQuery(owner: bank)).first { $0.step == .partyPayment })
    #expect(decision.state == .done && decision.transfers == [Int64(fund.transfers.count)])
    #expect(decision.terms.party == "bank-a")
  }

  @Test func `another payee or another amount is not what was proposed`() throws {
    let fund = try fund()
    try propose(.partyPayment, "accounts/pool.1202.bank", terms(Fixture.yuan(20)), in: fund)
    let (other, less) = (payment(Fixture.yuan(20), to: "bank-b"), payment(Fixture.yuan(19, 99)))
    #expect(refusal { try fund.run(other, by: Fixture.checker) }?.field == "party")
    #expect(refusal { try fund.run(less, by: Fixture.checker) }?.field == "amount")
    let insider = Caller(organisation: "bank-a", role: .operator, regionPrefix: "37", subject: "wu")
    #expect(refusal { try fund.run(payment(Fixture.yuan(20)), by: insider) }?.reason == .sameOfficer)
  }

  @Test func `a party that still owes its part of a claim is owed nothing`() throws {
    let fund = try fund()
    // ¥200 000 of the claim are the re-guarantor's, of which ¥20 came back.
    let open = try #require(fund.balances("pool.1202.reguarantor")).posted(on: .debit)
    #expect(open == 19_998_000)
    let account = "accounts/pool.1202.reguarantor"
    #expect(
      refusal { try propose(.partyPayment, account, terms(Fixture.yuan(0, 1), "re"), in: fund) }?.reason
        == .limitExceeded)
    #expect(
      refusal { try fund.run(payment(Fixture.yuan(0, 1), to: "re", of: "reguarantor"), by: Fixture.checker) }?.reason
        == .limitExceeded)
  }

  @Test func `only the account of a party is paid, and only to somebody`() throws {
    let fund = try fund()
    #expect(
      refusal { try propose(.partyPayment, "accounts/pool.1201", terms(Fixture.yuan(1)), in: fund) }?.reason
        == .stateConflict)
    #expect(
      refusal { try propose(.partyPayment, "accounts/pool.1202.bank", terms(Fixture.yuan(1), nil), in: fund) }?.field
        == "party")
    #expect(
      refusal {
        try propose(
          .recovery, "guarantees/g", DecisionTerms(amount: Fixture.yuan(1), party: "bank-a"), in: fund)
      }?.field == "party")
    #expect(
      refusal {
        try propose(
          .recovery, "guarantees/g", DecisionTerms(amount: Fixture.yuan(1), until: day), in: fund)
      }?.field == "until")
    #expect(
      refusal { try propose(.guaranteeExtension, "guarantees/g", DecisionTerms(until: day), in: fund) }?.reason
        == .stateConflict)
  }
}
