import CatalogDomain
import Kernel
import Testing

@Suite struct ProductDecisionsTests {
  private static let bank = Institution(id: "bank-a", kind: .bank, nameZH: "甲银行")
  private static let now = TestCatalog.now

  private static func draft() throws -> Product {
    try ProductDecisions.create(
      id: "p", terms: TestCatalog.terms("bank-a"), institution: bank, existing: nil, limits: NoLimits(),
      caller: TestCatalog.bank("bank-a"),
      now: now)
  }

  /// Written and handed in by the clerk, approved by another officer.
  private static func approved() throws -> Product {
    let draft = try draft()
    let submitted = try ReviewDecisions.submit(
      draft, institution: bank, etag: draft.etag, limits: NoLimits(), caller: TestCatalog.bank("bank-a"), now: now)
    return try ReviewDecisions.review(
      submitted, verdict: .approve, note: "", etag: submitted.etag, caller: TestCatalog.bank("bank-a", "officer"),
      now: now)
  }

  private static func published() throws -> Product {
    let draft = try approved()
    return try ProductDecisions.publish(
      draft, institution: bank, etag: draft.etag, asOf: try now.shanghaiDate(), limits: NoLimits(),
      caller: TestCatalog.bank("bank-a"), now: now
    ).product
  }

  private static func reason(_ body: () throws -> Void) -> ErrorReason? {
    do { try body() } catch { return (error as? DomainError)?.reason }
    return nil
  }

  @Test func `an institution maintains its own products and no others`() throws {
    let product = try Self.published()
    let other = TestCatalog.bank("bank-b")
    let attempts: [() throws -> Void] = [
      {
        _ = try ProductDecisions.create(
          id: "q", terms: TestCatalog.terms("bank-a"), institution: Self.bank, existing: nil, limits: NoLimits(),
          caller: other,
          now: Self.now)
      },
      {
        _ = try ProductDecisions.update(
          product, terms: product.terms, institution: Self.bank, etag: product.etag, limits: NoLimits(), caller: other,
          now: Self.now)
      },
      {
        _ = try ProductDecisions.publish(
          product, institution: Self.bank, etag: product.etag, asOf: try Self.now.shanghaiDate(), limits: NoLimits(),
          caller: other, now: Self.now)
      },
      {
        _ = try ProductDecisions.suspend(product, reason: "r", etag: product.etag, caller: other, now: Self.now)
      },
      {
        _ = try ProductDecisions.withdraw(product, reason: "r", etag: product.etag, caller: other, now: Self.now)
      },
      {
        _ = try ImportDecision.decide(
          ImportRow(id: "p", terms: .success(product.terms)), institution: Self.bank, existing: product,
          goal: .enter, limits: NoLimits(), caller: other, now: Self.now)
      },
    ]
    for attempt in attempts { #expect(Self.reason(attempt) == .outOfScope) }
    let firm = Caller(organisation: "bank-a", role: .enterprise, regionPrefix: "", subject: "x")
    #expect(
      Self.reason {
        _ = try ProductDecisions.suspend(product, reason: "r", etag: product.etag, caller: firm, now: Self.now)
      } == .roleNotAllowed)
  }

  @Test func `two editors of one product meet a conflict instead of losing an update`() throws {
    let product = try Self.draft()
    var first = product.terms
    first.title.en = "First"
    let changed = try ProductDecisions.update(
      product, terms: first, institution: Self.bank, etag: product.etag, limits: NoLimits(),
      caller: TestCatalog.theOperator, now: Self.now)
    #expect(changed.version == 2 && changed.etag != product.etag)
    #expect(
      Self.reason {
        _ = try ProductDecisions.update(
          changed, terms: product.terms, institution: Self.bank, etag: product.etag, limits: NoLimits(),
          caller: TestCatalog.theOperator, now: Self.now)
      } == .etagMismatch)
  }

  @Test func `equal terms make no version`() throws {
    let product = try Self.draft()
    let same = try ProductDecisions.update(
      product, terms: product.terms, institution: Self.bank, etag: product.etag, limits: NoLimits(),
      caller: TestCatalog.theOperator, now: Self.now)
    #expect(same == product)
  }

  @Test func `a new version is in force only when published`() throws {
    let product = try Self.published()
    var terms = product.terms
    terms.title.en = "Second"
    let changed = try ProductDecisions.update(
      product, terms: terms, institution: Self.bank, etag: product.etag, limits: NoLimits(),
      caller: TestCatalog.theOperator, now: Self.now)
    #expect(changed.version == 2 && changed.publishedVersion == 1 && changed.state == .published)
  }

  @Test func `states follow draft, published, suspended, withdrawn`() throws {
    let (draft, bank) = (try Self.draft(), TestCatalog.bank("bank-a"))
    #expect(
      Self.reason {
        _ = try ProductDecisions.suspend(draft, reason: "r", etag: draft.etag, caller: bank, now: Self.now)
      }
        == .stateConflict)
    let published = try Self.published()
    let today = try Self.now.shanghaiDate()
    #expect(
      Self.reason {
        _ = try ProductDecisions.publish(
          published, institution: Self.bank, etag: published.etag, asOf: today, limits: NoLimits(), caller: bank,
          now: Self.now)
      } == .stateConflict)
    #expect(
      Self.reason {
        _ = try ProductDecisions.suspend(published, reason: "", etag: published.etag, caller: bank, now: Self.now)
      } == .requiredFieldMissing)
    let suspended = try ProductDecisions.suspend(
      published, reason: "repricing", etag: published.etag, caller: bank, now: Self.now)
    #expect(suspended.state == .suspended && suspended.stateReason == "repricing")
    let again = try ProductDecisions.publish(
      suspended, institution: Self.bank, etag: suspended.etag, asOf: today, limits: NoLimits(), caller: bank,
      now: Self.now)
    #expect(again.product.state == .published && again.product.stateReason.isEmpty)
    let gone = try ProductDecisions.withdraw(
      again.product, reason: "ended", etag: again.product.etag, caller: bank, now: Self.now)
    #expect(
      Self.reason {
        _ = try ProductDecisions.update(
          gone, terms: gone.terms, institution: Self.bank, etag: gone.etag, limits: NoLimits(), caller: bank,
          now: Self.now)
      } == .stateConflict)
  }

  /// Terms that cannot stand, each with the field that is named.
  private static let bad: [(field: String, break: @Sendable (inout ProductTerms) -> Void)] = [
    ("title.zh", { $0.title.zh = "" }),
    ("amount", { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange()) }),
    ("amount.min", { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange(min: -1)) }),
    ("amount.max", { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange(max: 0)) }),
    (
      "amount.max",
      { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange(min: 5, minExclusive: true, max: 5)) }
    ),
    ("tenor.max", { $0.tenor = TenorRange(min: .months(12), max: .days(364)) }),
    ("tenor.min", { $0.tenor = TenorRange(min: .months(601)) }),
    ("rate.lowest", { $0.rate = InterestRate(basis: .fixed, lowest: Rate(ppm: -1)) }),
    ("rate.lowest", { $0.rate = InterestRate(basis: .fixed, lowest: Rate(ppm: 3_650_000)) }),
    ("rate.highest", { $0.rate = InterestRate(basis: .lpr1Y, lowest: Rate(ppm: 100), highest: Rate(ppm: 99)) }),
    ("fees[0].rate", { $0.fees = [Fee(kind: .guarantee, measure: .rate(Rate(ppm: 1_000_001)), period: .perYear)] }),
    (
      "fees[0].fixed.currency_code",
      { $0.fees = [Fee(kind: .other, measure: .fixed(Money(1, .usd)), period: .once)] }
    ),
    ("security_modes", { $0.securityModes = [.credit, .credit] }),
    ("service_regions[0]", { $0.serviceRegions = ["370"] }),
    ("eligibility.condition.tags.any_of[0]", { $0.eligibility = .condition(.hasAny(.tags, ["Not A Word"])) }),
    ("eligibility.all_of.members", { $0.eligibility = .allOf([]) }),
    ("process.steps", { $0.process = Process(steps: -1) }),
    ("bundle[0]", { $0.bundle = ["no/slash"] }),
  ]

  @Test func `refuses terms that cannot stand and names the field`() {
    for (field, mutate) in Self.bad {
      var terms = TestCatalog.terms("bank-a")
      mutate(&terms)
      do {
        try terms.validate()
        Issue.record("\(field) was accepted")
      } catch {
        #expect(error.field == field)
      }
    }
  }

  @Test func `refuses terms whose end has passed when they are to be published`() throws {
    var terms = TestCatalog.terms("bank-a")
    terms.effectiveTo = try BusinessDate(iso: "2020-12-31")
    let error = #expect(throws: DomainError.self) {
      try Conformance.check(
        terms, institution: Self.bank, asOf: try BusinessDate(iso: "2021-01-01"), limits: NoLimits())
    }
    #expect(error?.field == "effective_to")
    _ = try Conformance.check(
      terms, institution: Self.bank, asOf: try BusinessDate(iso: "2020-12-31"), limits: NoLimits())
  }

  @Test func `a reference rate never changes once recorded`() throws {
    let day = try BusinessDate(iso: "2022-08-22")
    let rate = ReferenceRate(basis: .lpr1Y, effectiveFrom: day, rate: Rate(ppm: 36_500))
    let known = ReferenceRateTable([rate])
    #expect(try ReferenceRateDecisions.new([rate], known: known).isEmpty)
    let other = ReferenceRate(basis: .lpr1Y, effectiveFrom: day, rate: Rate(ppm: 36_501))
    #expect(Self.reason { _ = try ReferenceRateDecisions.new([other], known: known) } == .resourceExists)
    #expect(known.rate(.lpr1Y, on: try BusinessDate(iso: "2022-08-21")) == nil)
    #expect(known.rate(.lpr1Y, on: try BusinessDate(iso: "2022-08-22"))?.rate.ppm == 36_500)
  }
}
