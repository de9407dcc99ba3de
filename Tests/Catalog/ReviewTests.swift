import CatalogDomain
import CatalogStore
import Kernel
import Testing

/// Four eyes, versions with their days, and the limits at entry.
@Suite struct ReviewTests {
  private static let bank = Institution(id: "bank-a", kind: .bank, nameZH: "甲银行")
  private static let now = TestCatalog.now
  private static let author = TestCatalog.bank("bank-a", "author")
  private static let officer = TestCatalog.bank("bank-a", "officer")

  private static func draft() throws -> Product {
    try ProductDecisions.create(
      id: "p", terms: TestCatalog.terms("bank-a"), institution: bank, existing: nil, limits: NoLimits(), caller: author,
      now: now)
  }

  private static func submit(_ product: Product, by caller: Caller = author) throws -> Product {
    try ReviewDecisions.submit(
      product, institution: bank, etag: product.etag, limits: NoLimits(), caller: caller, now: now)
  }

  private static func review(_ product: Product, _ verdict: ReviewVerdict, by caller: Caller) throws -> Product {
    try ReviewDecisions.review(
      product, verdict: verdict, note: "checked", etag: product.etag, caller: caller, now: now)
  }

  private static func reason(_ body: () throws -> Void) -> ErrorReason? {
    do { try body() } catch { return (error as? DomainError)?.reason }
    return nil
  }

  @Test func `draft, submitted, reviewed, published: each only after the one before`() throws {
    let draft = try Self.draft()
    #expect(draft.publicState == .draft)
    let today = try Self.now.shanghaiDate()
    func publish(_ product: Product) throws -> Product {
      try ProductDecisions.publish(
        product, institution: Self.bank, etag: product.etag, asOf: today, limits: NoLimits(), caller: Self.author,
        now: Self.now
      ).product
    }
    #expect(Self.reason { _ = try publish(draft) } == .stateConflict)
    #expect(Self.reason { _ = try Self.review(draft, .approve, by: Self.officer) } == .stateConflict)
    let submitted = try Self.submit(draft)
    #expect(submitted.publicState == .submitted && submitted.review?.submitter == "bank-a/author")
    #expect(Self.reason { _ = try publish(submitted) } == .stateConflict)
    #expect(Self.reason { _ = try Self.submit(submitted) } == .stateConflict)
    let reviewed = try Self.review(submitted, .approve, by: Self.officer)
    #expect(reviewed.publicState == .reviewed && reviewed.review?.reviewer == "bank-a/officer")
    #expect(try publish(reviewed).publicState == .published)
  }

  @Test func `neither who wrote a version nor who handed it in reviews it`() throws {
    let submitted = try Self.submit(try Self.draft(), by: Self.officer)
    for caller in [Self.author, Self.officer] {
      #expect(Self.reason { _ = try Self.review(submitted, .approve, by: caller) } == .sameOfficer)
    }
    #expect(
      Self.reason { _ = try Self.review(submitted, .approve, by: TestCatalog.bank("bank-b", "third")) } == .outOfScope)
    #expect(try Self.review(submitted, .approve, by: TestCatalog.bank("bank-a", "third")).review?.state == .approved)
    // The same name in another organisation is another person.
    let clerk = Caller(organisation: "city", role: .operator, regionPrefix: "", subject: "author")
    #expect(try Self.review(submitted, .approve, by: clerk).review?.state == .approved)
  }

  @Test func `a rejected version is corrected or handed in again, and an approval does not outlive a change`() throws {
    let submitted = try Self.submit(try Self.draft())
    #expect(
      Self.reason {
        _ = try ReviewDecisions.review(
          submitted, verdict: .reject, note: "", etag: submitted.etag, caller: Self.officer, now: Self.now)
      } == .requiredFieldMissing)
    let rejected = try Self.review(submitted, .reject, by: Self.officer)
    #expect(rejected.publicState == .draft && rejected.review?.note == "checked")
    let approved = try Self.review(try Self.submit(rejected), .approve, by: Self.officer)
    var terms = approved.terms
    terms.title.en = "Changed"
    let changed = try ProductDecisions.update(
      approved, terms: terms, institution: Self.bank, etag: approved.etag, limits: NoLimits(), caller: Self.author,
      now: Self.now)
    #expect(changed.version == 2 && changed.review?.state == .notSubmitted)
    #expect(
      Self.reason {
        _ = try ProductDecisions.publish(
          changed, institution: Self.bank, etag: changed.etag, asOf: try Self.now.shanghaiDate(), limits: NoLimits(),
          caller: Self.author, now: Self.now)
      } == .stateConflict)
  }

  @Test func `limits hold at entry, not only at publication`() throws {
    struct Limits: PolicyLimitReading {
      let citation = RuleCitation(ruleID: "r", document: "d", article: "a", quote: "")
      func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
        FeeCap(highest: Rate(ppm: 10_000), inclusive: true, citation: citation)
      }
      func rateCap(_ question: RateCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
        FeeCap(highest: Rate(ppm: 240_000), inclusive: true, citation: citation)
      }
    }
    func enter(_ change: (inout ProductTerms) -> Void) -> DomainError? {
      var terms = TestCatalog.terms("bank-a")
      change(&terms)
      let backed = Institution(id: "bank-a", kind: .bank, nameZH: "担保", governmentBacked: true)
      do throws(DomainError) {
        _ = try ProductDecisions.create(
          id: "p", terms: terms, institution: backed, existing: nil, limits: Limits(), caller: Self.author,
          now: Self.now)
        return nil
      } catch { return error }
    }
    func fee(_ ppm: Int64) -> Fee { Fee(kind: .guarantee, measure: .rate(Rate(ppm: ppm)), period: .perYear) }
    #expect(enter { $0.rate = InterestRate(basis: .fixed, lowest: Rate(ppm: 240_000)) } == nil)
    let dear = enter { $0.rate = InterestRate(basis: .fixed, lowest: Rate(ppm: 30_000), highest: Rate(ppm: 240_001)) }
    #expect(dear?.reason == .policyConditionFailed && dear?.field == "product.rate.highest")
    #expect(enter { $0.fees = [fee(10_000)] } == nil)
    let breach = enter { $0.fees = [fee(10_001)] }
    #expect(breach?.reason == .policyConditionFailed && breach?.field == "product.fees[0].rate")
    let silent = enter { $0.fees = [Fee(kind: .guarantee, measure: .unstated, period: .perYear)] }
    #expect(silent?.field == "product.fees[0].unstated")
  }

  /// Tiers over 1.00 … 5 000 000.00, each list with the field that is named; `nil` stands.
  private static let tiers: [(tiers: [(Int64?, Bool, Int64?, Bool)], field: String?)] = [
    ([(nil, false, 100_00, false), (100_00, true, nil, false)], nil),
    ([(nil, false, 100_00, true), (100_00, false, 500_000_000, false)], nil),
    ([(nil, false, 100_00, true), (100_00, true, nil, false)], "product.rate.tiers[1].min"),
    ([(nil, false, 100_00, false), (100_00, false, nil, false)], "product.rate.tiers[1].min"),
    ([(nil, false, 100_00, false), (100_02, false, nil, false)], "product.rate.tiers[1].min"),
    ([(nil, false, nil, false), (100_00, true, nil, false)], "product.rate.tiers[1].min"),
    ([(nil, false, 499_999_999, false)], "product.rate.tiers[0].max"),
    ([(100_01, false, nil, false)], "product.rate.tiers[0].min"),
  ]

  @Test func `tiers have neither gap nor overlap and cover what is offered`() {
    for (bounds, field) in Self.tiers {
      var terms = TestCatalog.terms("bank-a")
      terms.amount = AmountRange(currency: .cny, bounds: IntegerRange(min: 100_00, max: 500_000_000))
      terms.rate = InterestRate(
        basis: .fixed, lowest: Rate(ppm: 30_000), highest: Rate(ppm: 40_000),
        tiers: RateTiers(
          method: .whole, currency: .cny,
          tiers: bounds.map {
            RateTier(
              bounds: IntegerRange(min: $0.0, minExclusive: $0.1, max: $0.2, maxExclusive: $0.3),
              lowest: Rate(ppm: 35_000))
          }))
      do {
        _ = try ProductDecisions.create(
          id: "p", terms: terms, institution: Self.bank, existing: nil, limits: NoLimits(), caller: Self.author,
          now: Self.now)
        #expect(field == nil, "\(bounds)")
      } catch { #expect(error.field == field, "\(bounds): \(error)") }
    }
  }

  // MARK: Days in force

  @Test func `a later version ends the one before on the day before it begins`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    let first = try await catalog.publish(try await catalog.create("p", "bank-a"))
    let today = try Self.now.shanghaiDate()
    let start = try today.adding(days: 30)
    let second = try await catalog.repository.updateProduct(
      id: "p", etag: first.etag, envelope: try TestCatalog.envelope("update"), encode: TestCatalog.encode
    ) { stored throws(DomainError) in
      var terms = stored
      terms.title.en = "Second"
      terms.effectiveFrom = start
      return terms
    }.outcome
    _ = try await catalog.publish(second, key: "second")
    func versions(_ effective: EffectiveFilter, _ day: BusinessDate) async throws -> [Int] {
      try await catalog.repository.products(
        ProductFilter(effective: effective, asOf: day), after: nil, limit: 10, sight: .published
      ).map(\.version)
    }
    #expect(try await versions(.current, today) == [1])
    #expect(try await versions(.current, try start.adding(days: -1)) == [1])
    #expect(try await versions(.current, start) == [2])
    #expect(try await versions(.future, today) == [2])
    #expect(try await versions(.future, start) == [])
    #expect(try await versions(.all, today) == [1, 2])
    #expect(try await versions(.all, start) == [2])
    let stored = try await catalog.repository.product("p", version: 1, sight: .everything)
    let last = try start.adding(days: -1)
    #expect(stored.inForce?.from == nil && stored.inForce?.to == last)
    let index = CatalogIndex(try await catalog.repository.snapshot().offers.flatMap(\.offers))
    #expect(index.count == 1)
    let level = ReferenceLevel(oneYearPPM: nil, fiveYearPPM: nil)
    for (day, version) in [(today, 1), (start, 2)] {
      var profile = Profile()
      profile.setNeed(instruments: [], amount: Money(100_00, .cny), tenor: nil, securityModes: [], asOf: day)
      profile[.region] = "370902"
      #expect(index.match(profile, limit: 9, level: level).matches.map(\.offer.version) == [version])
      #expect(index.offer("p", on: day)?.version == version)
    }
    await catalog.remove()
  }

  @Test func `who changed since a moment is listed, to the microsecond`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    let product = try await catalog.create("p", "bank-a")
    for (offset, count) in [(Int64(0), 1), (1, 0)] {
      let moment = Instant(microseconds: product.updateTime.microseconds + offset)
      let found = try await catalog.repository.products(
        ProductFilter(updatedSinceTime: moment), after: nil, limit: 5, sight: .everything)
      #expect(found.count == count)
    }
    await catalog.remove()
  }

  @Test func `two editors of one stored product: the second one is told, and nothing is lost`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    let product = try await catalog.create("p", "bank-a")
    func edit(_ key: String, _ title: String) async throws -> Product {
      try await catalog.repository.updateProduct(
        id: "p", etag: product.etag, envelope: try TestCatalog.envelope(key), encode: TestCatalog.encode
      ) { stored throws(DomainError) in
        var terms = stored
        terms.title.en = title
        return terms
      }.outcome
    }
    _ = try await edit("first", "One")
    do {
      _ = try await edit("second", "Two")
      Issue.record("the second edit was accepted")
    } catch let error as DomainError {
      #expect(error.reason == .etagMismatch && error.metadata["current_etag"] == "2")
    }
    #expect(try await catalog.repository.product("p", version: nil, sight: .everything).terms.title.en == "One")
    await catalog.remove()
  }
}
