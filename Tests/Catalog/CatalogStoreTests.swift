import CatalogAPI
import CatalogDomain
import CatalogStore
import Kernel
import Storage
import Testing

@Suite struct CatalogStoreTests {
  private func withCatalog(_ body: (TestCatalog) async throws -> Void) async throws {
    let catalog = try TestCatalog()
    do { try await body(catalog) } catch {
      await catalog.remove()
      throw error
    }
    await catalog.remove()
  }

  @Test func `the same request is answered from the first outcome and happens once`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a")
      let product = try await catalog.create("p", "bank-a")
      let again = try await catalog.repository.createProduct(
        id: "p", terms: TestCatalog.terms("bank-a"), envelope: try TestCatalog.envelope("create-p"),
        encode: TestCatalog.encode)
      guard case .replayed(let bytes) = again else {
        Issue.record("the command ran twice")
        return
      }
      #expect(bytes == TestCatalog.encode(product))
      #expect(
        try await catalog.repository.products(
          ProductFilter(), after: nil, limit: 10, sight: .everything
        ).count == 1)
    }
  }

  @Test func `versions are kept and each can be read`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a")
      var product = try await catalog.create("p", "bank-a", max: 100)
      for (step, max) in [Int64(200), 300].enumerated() {
        product = try await catalog.repository.updateProduct(
          id: "p", etag: product.etag, envelope: try TestCatalog.envelope("update-\(step)"), encode: TestCatalog.encode
        ) { stored throws(DomainError) in
          var terms = stored
          terms.amount?.bounds.max = max
          return terms
        }.outcome
      }
      let versions = try await catalog.repository.versions(of: "p", after: 0, limit: 10, sight: .everything)
      #expect(versions.map(\.version) == [1, 2, 3])
      #expect(versions.map(\.terms.amount?.bounds.max) == [100, 200, 300])
      #expect(try await catalog.repository.product("p", version: 2, sight: .everything).terms.amount?.bounds.max == 200)
      await #expect(throws: DomainError.self) {
        try await catalog.repository.product("p", version: 4, sight: .everything)
      }
    }
  }

  @Test func `a bad row of an import is reported and the good ones are stored`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a", "bank-b")
      var negative = TestCatalog.terms("bank-a")
      negative.amount = AmountRange(currency: .cny, bounds: IntegerRange(max: -5))
      let rows = [
        ImportRow(id: "good-1", terms: .success(TestCatalog.terms("bank-a"))),
        ImportRow(id: "bad-amount", terms: .success(negative)),
        ImportRow(id: "good-1", terms: .success(TestCatalog.terms("bank-a"))),
        ImportRow(id: "other-bank", terms: .success(TestCatalog.terms("bank-b"))),
        ImportRow(id: "no bank", terms: .success(TestCatalog.terms("bank-a"))),
        ImportRow(id: "nobody", terms: .success(TestCatalog.terms("bank-c"))),
        ImportRow(id: "unread", terms: .failure(.invalid("product.rate.basis", "no such value: 9"))),
        ImportRow(id: "good-2", terms: .success(TestCatalog.terms("bank-a"))),
      ]
      let bank = TestCatalog.bank("bank-a")
      let results = try await catalog.repository.importProducts(
        rows, institutions: [], goal: .submit(try TestCatalog.now.shanghaiDate()),
        envelope: try TestCatalog.envelope("import", bank),
        encode: { report in Array("\(report.results.count)".utf8) }
      ).outcome.results
      #expect(
        results.map(\.outcome) == [
          .created, .refused, .refused, .refused, .refused, .refused, .refused, .created,
        ])
      #expect(
        results.map { $0.error?.field } == [
          nil, "product.amount.max", "product_id", nil, "product_id", "product.institution", "product.rate.basis", nil,
        ])
      #expect(results[3].error?.reason == .outOfScope)
      let stored = try await catalog.repository.products(
        ProductFilter(), after: nil, limit: 10, sight: .everything)
      #expect(stored.map(\.id) == ["good-1", "good-2"])
      #expect(stored.allSatisfy { $0.publicState == .submitted })
      let again = try await catalog.repository.importProducts(
        [rows[0]], institutions: [], goal: .submit(try TestCatalog.now.shanghaiDate()),
        envelope: try TestCatalog.envelope("import-2", bank), encode: { _ in [] }
      ).outcome.results
      #expect(again.map(\.outcome) == [.unchanged])
    }
  }

  @Test func `what is published is matched at once, and again after a restart`() async throws {
    var catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    let live = try await LiveCatalog(catalog.repository)
    let (profile, level) = (try TestCatalog.profile(), ReferenceLevel(oneYearPPM: nil, fiveYearPPM: nil))
    func ids(_ live: LiveCatalog) -> [String] {
      live.current.index.match(profile, limit: 10, level: level).matches.map(\.offer.id)
    }
    let first = try await catalog.create("p", "bank-a")
    try await live.catchUp()
    #expect(ids(live).isEmpty)
    let published = try await catalog.publish(first)
    try await live.catchUp()
    #expect(ids(live) == ["p"])
    #expect(live.current.sequence == catalog.store.eventHead)
    let second = try await catalog.publish(try await catalog.create("q", "bank-a"))
    _ = try await catalog.repository.suspendProduct(
      id: "p", etag: published.etag, reason: "pause", envelope: try TestCatalog.envelope("suspend"),
      encode: TestCatalog.encode)
    try await live.catchUp()
    #expect(ids(live) == ["q"])

    catalog = try await catalog.reopened()
    let rebuilt = try await LiveCatalog(catalog.repository)
    #expect(ids(rebuilt) == ["q"])
    #expect(rebuilt.current.index.offer("q")?.terms == second.terms)
    #expect(rebuilt.current.sequence == live.current.sequence)
    await catalog.remove()
  }

  @Test func `a draft of a published product leaves the published version in force`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a")
      let product = try await catalog.publish(try await catalog.create("p", "bank-a", max: 200_000_000))
      _ = try await catalog.repository.updateProduct(
        id: "p", etag: product.etag, envelope: try TestCatalog.envelope("update"), encode: TestCatalog.encode
      ) { stored throws(DomainError) in
        var terms = stored
        terms.amount?.bounds.max = 1
        return terms
      }
      let live = try await LiveCatalog(catalog.repository)
      #expect(live.current.index.offer("p")?.version == 1)
      #expect(live.current.index.offer("p")?.terms.amount?.bounds.max == 200_000_000)
    }
  }

  @Test func `events tell every change in order and their chain holds`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a")
      let product = try await catalog.publish(try await catalog.create("p", "bank-a"))
      _ = try await catalog.repository.withdrawProduct(
        id: "p", etag: product.etag, reason: "ended", envelope: try TestCatalog.envelope("withdraw"),
        encode: TestCatalog.encode)
      let day = try BusinessDate(iso: "2022-08-22")
      _ = try await catalog.repository.recordReferenceRates(
        [ReferenceRate(basis: .lpr1Y, effectiveFrom: day, rate: Rate(ppm: 36_500))],
        envelope: try TestCatalog.envelope("lpr"), encode: { _ in [] })
      let seen = EventCollector()
      await #expect(throws: EventCollector.Enough.self) {
        try await catalog.repository.watch(after: 0) { try await seen.add($0, upTo: 7) }
      }
      let events = await seen.events
      #expect(
        events.map(\.type) == [
          "institution.created", "product.created", "product.submitted", "product.approved", "product.published",
          "product.withdrawn", "reference_rate.recorded",
        ])
      #expect(events.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7])
      guard case .product(let withdrawn) = events[5].subject else {
        Issue.record("a product event without a product")
        return
      }
      #expect(withdrawn.state == .withdrawn && withdrawn.stateReason == "ended")
      let report = try await catalog.repository.verifyChain()
      #expect(report.intact && report.entries == 7 && report.headHash == events[6].hash)
    }
  }

  @Test func `lists page by id and filter by place, kind and state`() async throws {
    try await withCatalog { catalog in
      try await catalog.enter("bank-a", "bank-b")
      for number in 0..<5 { _ = try await catalog.create("p\(number)", number < 3 ? "bank-a" : "bank-b") }
      var pages: [[String]] = []
      var after: ProductCursor?
      repeat {
        let page = try await catalog.repository.products(
          ProductFilter(), after: after, limit: 2, sight: .everything
        ).map(\.id)
        pages.append(page)
        after = page.count == 2 ? page.last.map { ProductCursor(id: $0) } : nil
      } while after != nil
      #expect(pages == [["p0", "p1"], ["p2", "p3"], ["p4"]])
      let own = try await catalog.repository.products(
        ProductFilter(institution: "bank-b"), after: nil, limit: 9, sight: .everything)
      #expect(own.map(\.id) == ["p3", "p4"])
      for (region, count) in [("370902", 5), ("37", 5), ("11", 0), ("3", 0)] {
        let found = try await catalog.repository.products(
          ProductFilter(region: region), after: nil, limit: 9, sight: .everything)
        #expect(found.count == count, "region \(region)")
      }
      #expect(
        try await catalog.repository.products(
          ProductFilter(state: .published), after: nil, limit: 9, sight: .everything
        ).isEmpty)
      #expect(
        try await catalog.repository.institutions(InstitutionFilter(kind: .bank), after: "bank-a", limit: 9).map(\.id)
          == ["bank-b"])
    }
  }
}

private actor EventCollector {
  struct Enough: Error {}
  private(set) var events: [CatalogEvent] = []

  func add(_ event: CatalogEvent, upTo count: Int) throws {
    events.append(event)
    if events.count == count { throw Enough() }
  }
}
