import DemandDomain
import Kernel
import Policy
import Testing

@Suite struct FeasibilityTests {
  private func judge(
    _ draft: EnterpriseDraft, packs: [String] = ["demo-city", "size-classification-2011"],
    amount: Money = Fixture.yuan(2_000_000), instrument: Instrument = .loan, security: SecurityMode = .credit,
    others: [StandingContract] = []
  ) throws -> Assessment {
    var desk = try Desk(try Fixture.policy(packs), draft)
    desk.otherContracts = others
    try desk.run(
      .submit(try Fixture.submission(amount: amount, instrument: instrument, security: security)), by: Fixture.firm)
    let demand = try desk.run(try Fixture.command(.assess), by: Fixture.grid)
    let assessment = try #require(demand.assessment)
    #expect(demand.state == (assessment.verdict == .hard ? .hard : .assessed))
    return assessment
  }

  private func rule(_ name: String, _ assessment: Assessment) throws -> RuleResult {
    try #require(assessment.rules.first { $0.rule == name })
  }

  @Test func `a small firm of grade B with both consents is feasible, each rule with its citation`() throws {
    let assessment = try judge(try Fixture.draft())
    #expect(assessment.verdict == .feasible)
    #expect(assessment.policyDigest.count == 64)
    for result in assessment.rules where result.outcome == .pass {
      #expect(!result.citations.isEmpty && !result.explanation.isEmpty && !result.inputs.isEmpty, "\(result.rule)")
    }
  }

  @Test func `a grade below C is hard and the answer says what would change it`() throws {
    let assessment = try judge(try Fixture.draft(grade: .d))
    #expect(assessment.verdict == .hard)
    let grade = try rule("platform-grade", assessment)
    #expect(grade.outcome == .fail)
    #expect(grade.citations[0].ruleID.hasPrefix("demo-city."))
    #expect(grade.remedies.map(\.field) == ["enterprise.platform_grade"])
    #expect(grade.remedies[0].from == "D" && grade.remedies[0].to == "C")
  }

  @Test(arguments: zip([PlatformGrade?.none, .a, .c, .d, .e], [RuleOutcome.conditional, .pass, .pass, .fail, .fail]))
  func `C is the inclusive floor`(_ grade: PlatformGrade?, _ outcome: RuleOutcome) throws {
    #expect(try rule("platform-grade", try judge(try Fixture.draft(grade: grade))).outcome == outcome)
  }

  @Test func `the cap is inclusive to the fen and counts the firm's standing contracts`() throws {
    let draft = try Fixture.draft()
    #expect(try rule("firm-amount", try judge(draft, amount: Money(1_000_000_000, .cny))).outcome == .pass)
    let over = try rule("firm-amount", try judge(draft, amount: Money(1_000_000_001, .cny)))
    #expect(over.outcome == .fail)
    #expect(over.remedies.first?.to == "CNY 10000000.00")
    let standing = StandingContract(
      amount: Fixture.yuan(9_000_000), signedOn: Fixture.date("2024-06-01"), tenorMonths: 12)
    let total = try rule("firm-amount", try judge(draft, others: [standing]))
    #expect(total.outcome == .fail && total.remedies.first?.to == "CNY 1000000.00")
    let repaid = StandingContract(
      amount: Fixture.yuan(9_000_000), signedOn: Fixture.date("2023-06-01"), tenorMonths: 12)
    #expect(try rule("firm-amount", try judge(draft, others: [repaid])).outcome == .pass)
  }

  @Test func `a missing or lapsed consent makes the demand conditional`() throws {
    let assessment = try judge(try Fixture.draft(consents: [.pbocCredit]))
    #expect(assessment.verdict == .conditional)
    #expect(try rule("credit-reports", assessment).remedies.map(\.to) == ["public_credit"])
    var draft = try Fixture.draft()
    draft.consents[0].expiresOn = Fixture.date("2025-01-01")
    #expect(try rule("credit-reports", try judge(draft)).outcome == .conditional)
  }

  @Test func `a firm that is too large is studied, one that is not classified is asked`() throws {
    let medium = try rule("firm-size", try judge(try Fixture.draft(staff: 900, revenue: 300_000_000)))
    #expect(medium.outcome == .conditional && medium.remedies[0].from == "medium")
    var draft = try Fixture.draft()
    draft.sizeInputs = nil
    #expect(try rule("firm-size", try judge(draft)).remedies[0].field == "enterprise.size_inputs")
  }

  @Test func `an amount in another currency is not converted`() throws {
    let result = try rule("firm-amount", try judge(try Fixture.draft(), amount: Money(100, .usd)))
    #expect(result.outcome == .notStated && !result.citations.isEmpty)
  }

  @Test func `without a pack nothing is guessed`() throws {
    let assessment = try judge(try Fixture.draft(), packs: [])
    #expect(assessment.verdict == .conditional)
    #expect(assessment.rules.filter { $0.outcome == .notStated }.map(\.rule).contains("platform-grade"))
    #expect(try rule("policy-coverage", assessment).outcome == .conditional)
  }

  @Test func `the Yantai model asks for its own grade and lets a mortgage lift its cap`() throws {
    var desk = try Desk(try Fixture.policy(["yantai-2023-8"]), try Fixture.draft(region: "370602"))
    try desk.run(
      .submit(try Fixture.submission(amount: Fixture.yuan(12_000_000), region: "370602")), by: Fixture.firm)
    let demand = try desk.run(try Fixture.command(.assess), by: Fixture.operators)
    let assessment = try #require(demand.assessment)
    let amount = try rule("firm-amount", assessment)
    #expect(amount.outcome == .fail)
    #expect(amount.citations[0].document == "烟营办便函〔2023〕8号")
    #expect(amount.remedies.map(\.field) == ["demand.amount", "demand.security_mode"])
    #expect(try rule("platform-grade", assessment).outcome == .pass)
  }

  @Test func `a hard demand is judged again after the firm has improved`() throws {
    let policy = try Fixture.policy()
    var desk = try Desk.at(.hard, policy)
    #expect(desk.demand?.assessment?.number == 1)
    desk.enterprise = try Fixture.enterprise(policy, try Fixture.draft(grade: .c))
    let demand = try desk.run(try Fixture.command(.reassess), by: Fixture.grid)
    #expect(demand.state == .assessed)
    #expect(demand.assessment?.number == 2)
    #expect(demand.profile.grade == .c)
    #expect(demand.reached == [.submitted, .hard, .assessed])
  }
}
