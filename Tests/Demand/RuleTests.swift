import DemandDomain
import Kernel
import Policy
import Testing

/// Rules of the judgement that ask for documents or for room beside other debts.
@Suite struct RuleTests {
  private struct Ask {
    var packs = ["demo-city", "suite-conventions", "size-classification-2011"]
    var amount = Fixture.yuan(2_000_000)
    var instrument = Instrument.loan
    var security = SecurityMode.credit
    var collateral: CollateralKind?
    var region = Fixture.region
    var others: [StandingContract] = []
    var documents: [AttachDocument] = []
    /// The day as of which the packs are read.
    var day = "2025-01-02"
  }

  private func judge(_ name: String, _ ask: Ask) throws -> RuleResult {
    var desk = try Desk(try Fixture.policy(ask.packs), try Fixture.draft(region: ask.region))
    desk.otherContracts = ask.others
    var submit = try Fixture.submission(
      amount: ask.amount, region: ask.region, instrument: ask.instrument, security: ask.security)
    submit.collateral = ask.collateral
    try desk.run(.submit(submit), by: Fixture.firm)
    for document in ask.documents { try desk.run(.attach(document), by: Fixture.firm) }
    let assess = try AssessDemand(demand: Fixture.id(1), asOf: Fixture.date(ask.day), reason: "")
    let demand = try desk.run(.assess(assess), by: Fixture.operators)
    return try #require(demand.assessment?.rules.first { $0.rule == name })
  }

  private func commitment(
    _ yuan: Int64?, until day: String = "2025-06-30", kind: String = "renewal-commitment"
  ) throws -> AttachDocument {
    try AttachDocument(
      demand: Fixture.id(1), evidence: try Fixture.evidence(kind), issuer: "bank-a", amount: yuan.map(Fixture.yuan),
      validUntil: Fixture.date(day), reason: "")
  }

  @Test func `a bridge loan passes with a commitment that holds and is large enough`() throws {
    var ask = Ask()
    ask.instrument = .bridgeLoan
    let bare = try judge("bridge-loan", ask)
    #expect(bare.outcome == .conditional && bare.remedies.map(\.to) == ["renewal-commitment"])
    ask.documents = [try commitment(3_000_000)]
    #expect(try judge("bridge-loan", ask).outcome == .pass)
    // 95 % of a commitment of 2 105 263.15 yuan is 1 999 999.9925.
    for (committed, outcome) in [(210_526_316, RuleOutcome.pass), (210_526_315, .fail)] {
      var document = try commitment(1)
      document.amount = Money(Int64(committed), .cny)
      ask.documents = [document]
      let answer = try judge("bridge-loan", ask)
      #expect(answer.outcome == outcome, "\(committed)")
      if outcome == .fail { #expect(answer.remedies.map(\.to) == ["CNY 1999999.99"]) }
    }
    ask.documents = [try commitment(nil)]
    #expect(try judge("bridge-loan", ask).outcome == .conditional)
    ask.documents = [try commitment(3_000_000, until: "2025-01-01")]
    #expect(try judge("bridge-loan", ask).outcome == .conditional)
    ask.documents = [try commitment(3_000_000, kind: "business-licence")]
    #expect(try judge("bridge-loan", ask).outcome == .conditional)
  }

  @Test func `a bridge loan's cap is inclusive and its currency is not converted`() throws {
    var ask = Ask()
    (ask.instrument, ask.amount) = (.bridgeLoan, Fixture.yuan(10_000_000))
    #expect(try judge("bridge-loan", ask).outcome == .conditional)
    ask.amount = Money(1_000_000_001, .cny)
    let over = try judge("bridge-loan", ask)
    #expect(over.outcome == .fail && over.remedies.map(\.to) == ["CNY 10000000.00"])
    ask.amount = Money(100, .usd)
    #expect(try judge("bridge-loan", ask).outcome == .notStated)
  }

  @Test func `what a guarantee has room for leaves the firm's contracts out`() throws {
    var ask = Ask()
    (ask.packs, ask.day) = (["caijin-2025-11", "suite-conventions"], "2025-03-01")
    (ask.security, ask.amount) = (.guarantee, Fixture.yuan(4_000_000))
    let standing = StandingContract(
      amount: Fixture.yuan(6_000_000), signedOn: Fixture.date("2024-06-01"), tenorMonths: 12)
    ask.others = [standing]
    #expect(try judge("guarantee-focus", ask).outcome == .pass)
    ask.amount = Money(400_000_001, .cny)
    let over = try judge("guarantee-focus", ask)
    #expect(over.outcome == .conditional && over.remedies.map(\.to) == ["CNY 4000000.00", "mortgage"])
    ask.others = [standing, standing]
    #expect(try judge("guarantee-focus", ask).remedies.map(\.field) == ["demand.security_mode"])
  }

  @Test func `the model supports the kinds of loan that its pack names`() throws {
    var ask = Ask()
    (ask.packs, ask.region, ask.amount) = (["yantai-2023-8"], "370602", Fixture.yuan(12_000_000))
    ask.security = .pledge
    for (kind, outcome) in [(CollateralKind.patent, RuleOutcome.fail), (.receivables, .fail), (.inventory, .notStated)]
    {
      ask.collateral = kind
      #expect(try judge("firm-amount", ask).outcome == outcome, "\(kind)")
    }
    ask.collateral = nil
    let unnamed = try judge("firm-amount", ask)
    #expect(unnamed.outcome == .conditional && unnamed.remedies.map(\.field) == ["demand.collateral_kind"])
    ask.security = .mortgage
    #expect(try judge("firm-amount", ask).outcome == .notStated)
  }

  @Test func `a document is put on the file once, by those whose matter it is`() throws {
    var desk = try Desk.at(.assessed, try Fixture.policy())
    let document = try commitment(3_000_000)
    let attached = try desk.run(.attach(document), by: Fixture.firm).handling.documents
    #expect(attached.map(\.evidence.kind) == ["renewal-commitment"] && attached[0].actor == Fixture.uscc)
    #expect(refusal { try desk.run(.attach(document), by: Fixture.grid) }?.reason == .resourceExists)
    let licence = try commitment(nil, kind: "business-licence")
    let stranger = refusal { try desk.run(.attach(licence), by: Fixture.bank("bank-a")) }
    #expect(stranger?.reason == .outOfScope)
    try desk.run(try Fixture.push(.open), by: Fixture.regulator)
    try desk.run(.attach(licence), by: Fixture.bank("bank-a"))
    let demand = try #require(desk.demand)
    for (bank, kinds) in [("bank-a", ["business-licence"]), ("bank-b", [])] {
      let seen = try DemandScope.view(demand, for: Fixture.bank(bank))
      #expect(seen.handling.documents.map(\.evidence.kind) == kinds)
    }
    try desk.run(try Fixture.command(.claim), by: Fixture.bank("bank-a"))
    let claimed = try DemandScope.view(try #require(desk.demand), for: Fixture.bank("bank-a"))
    #expect(claimed.handling.documents.count == 2)
  }
}
