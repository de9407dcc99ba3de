import EvaluationDomain
import EvaluationStore
import Kernel
import Storage
import Testing

@Suite("Queries over facts") struct QueryTests {
  private static let months = ["2023-01", "2023-02", "2023-03"]

  private func build(_ store: EvaluationStore) async throws {
    let indicators = [
      Given.indicator("loans", .money(.cny), aggregation: .last), Given.indicator("firms", aggregation: .sum),
      Given.indicator("losses", .money(.cny), .lowerIsBetter, aggregation: .last),
      Given.indicator(
        "ratio", .ppm, .lowerIsBetter, source: .derived(.ratio(numerator: "losses", denominator: "loans"))),
    ]
    let institutions = [
      Given.institution("a", group: "city", region: "370302"), Given.institution("b", group: "city", region: "370303"),
      Given.institution("c", group: "state", region: "370302"),
      Given.institution("d", group: "state", region: "370902"),
    ]
    _ = try await store.createIndicators(indicators, envelope: try Sent.envelope("i"), encode: Sent.text)
    _ = try await store.registerInstitutions(institutions, envelope: try Sent.envelope("r"), encode: Sent.text)
    var rows: [FactInput] = []
    for (place, institution) in institutions.enumerated() {
      for (index, month) in Self.months.enumerated() {
        rows.append(World.row(institution.id, "loans", Int64((place + 1) * 100 + index), month))
        rows.append(World.row(institution.id, "losses", Int64(place + 1), month))
        rows.append(
          FactInput(
            institutionID: institution.id, indicatorID: "firms", period: month, value: Int64(index), unit: .count))
      }
    }
    rows.append(World.row("a", "loans", 999_999, "2023"))
    let receipt = try await store.submitFacts(rows, envelope: try Sent.envelope("f"), encode: Sent.text)
    #expect(receipt.fresh?.refusals == [])
  }

  private func lines(_ page: QueryPage) -> [String] {
    page.rows.map {
      "\($0.key.joined(separator: " ")) \($0.period?.description ?? "-") \($0.count) \($0.sum) \($0.last)"
    }
  }

  @Test func `sums by region and month count months only`() async throws {
    try await withStore { store, _ in
      try await build(store)
      let query = FactQuery(
        indicatorIDs: ["loans"], periodMonths: 1, from: try Period("2023-02"), dimensions: [.region, .period],
        regionDigits: 4)
      let page = try await store.query(query, after: nil, limit: 100)
      #expect(
        lines(page) == [
          "loans 3703 2023-02 3 603 603", "loans 3703 2023-03 3 606 606", "loans 3709 2023-02 1 401 401",
          "loans 3709 2023-03 1 402 402",
        ])
      #expect(try page.rows.map { try $0.mean() } == [201, 202, 401, 402])
    }
  }

  @Test func `balances stand as of the latest month`() async throws {
    try await withStore { store, _ in
      try await build(store)
      let query = FactQuery(indicatorIDs: ["firms", "loans"], periodMonths: 1, dimensions: [.peerGroup])
      #expect(
        lines(try await store.query(query, after: nil, limit: 100)) == [
          "firms city - 6 6 4", "firms state - 6 6 4", "loans city - 6 906 304", "loans state - 6 2106 704",
        ])
    }
  }

  @Test(arguments: [false, true]) func `pages joined are the whole answer`(byInstitution: Bool) async throws {
    try await withStore { store, _ in
      try await build(store)
      var query = FactQuery(
        indicatorIDs: ["losses", "loans"], periodMonths: 1, dimensions: [.region, .type, .period], regionDigits: 6)
      if byInstitution { query.dimensions.insert(.institution) }
      let whole = lines(try await store.query(query, after: nil, limit: 1000))
      #expect(whole.count == (byInstitution ? 24 : 18))
      var pages: [String] = []
      var cursor: String?
      repeat {
        let page = try await store.query(query, after: cursor, limit: 5)
        pages += lines(page)
        cursor = page.next
      } while cursor != nil
      #expect(pages == whole)
    }
  }

  @Test func `sums from memory agree with those of the table after corrections and moves`() async throws {
    try await withStore { store, _ in
      try await build(store)
      _ = try await store.submitFacts(
        [World.row("a", "loans", -5_000_000_000, "2023-01", correction: true)], envelope: try Sent.envelope("c"),
        encode: Sent.text)
      _ = try await store.registerInstitutions(
        [Given.institution("a", group: "state", region: "370902")], envelope: try Sent.envelope("m"),
        encode: Sent.text)
      for dimensions in [[.period], [.region], [.region, .peerGroup, .type, .period], []] as [Set<QueryDimension>] {
        for filter in Self.filters {
          var totals = FactQuery(
            indicatorIDs: ["loans", "losses", "firms"], periodMonths: filter.months, dimensions: dimensions,
            regionDigits: dimensions.contains(.region) ? 6 : 0, regionPrefixes: filter.regions,
            peerGroups: filter.groups, types: filter.types)
          if filter.isBounded { (totals.from, totals.to) = (try Period("2023-02"), try Period("2023-02")) }
          var single = totals
          single.institutionIDs = ["a", "b", "c", "d"]
          #expect(
            lines(try await store.query(totals, after: nil, limit: 100))
              == lines(try await store.query(single, after: nil, limit: 100)))
        }
      }
    }
  }

  private struct Filter {
    var regions: [String] = []
    var groups: [String] = []
    var types: [String] = []
    var months = 1
    var isBounded = false
  }

  private static let filters = [
    Filter(), Filter(regions: ["37"]), Filter(regions: ["3703", "370902"]), Filter(regions: ["3709020"]),
    Filter(groups: ["state"]), Filter(groups: ["city", "state"], types: ["bank"]), Filter(types: ["other"]),
    Filter(months: 12), Filter(months: 3), Filter(isBounded: true),
  ]

  @Test func `regions rank by their sums, a ratio by the ratio of sums`() async throws {
    try await withStore { store, _ in
      try await build(store)
      let period = try Period("2023-01")
      let loans = try await store.rankRegions(indicatorID: "loans", period: period, digits: 6, prefix: "37")
      #expect(
        loans.regions.map { "\($0.rank) \($0.region) \($0.value.number ?? 0) \($0.institutions)" } == [
          "1 370302 400 2", "1 370902 400 1", "3 370303 200 1",
        ])
      let ratio = try await store.rankRegions(indicatorID: "ratio", period: period, digits: 4, prefix: "")
      // 3703: (1 + 2 + 3) ÷ (100 + 200 + 300) = 1 %; 3709: 4 ÷ 400 = 1 %.
      #expect(
        ratio.regions.map { "\($0.rank) \($0.region) \($0.value.number ?? 0)" } == ["1 3703 10000", "1 3709 10000"])
      let absent = try await store.rankRegions(
        indicatorID: "loans", period: try Period("2022-01"), digits: 4, prefix: "")
      #expect(absent.regions.map(\.rank) == [0, 0])
    }
  }

  @Test func `queries that make no sense are refused by their field`() throws {
    func field(_ query: FactQuery) -> String? {
      (#expect(throws: DomainError.self) { try query.validate() })?.field
    }
    #expect(field(FactQuery(indicatorIDs: [], periodMonths: 1)) == "indicator_ids")
    #expect(field(FactQuery(indicatorIDs: ["a"], periodMonths: 2)) == "period_months")
    #expect(field(FactQuery(indicatorIDs: ["a"], periodMonths: 1, from: try Period("2023"))) == "from_period")
    #expect(
      field(FactQuery(indicatorIDs: ["a"], periodMonths: 1, dimensions: [.region], regionDigits: 5)) == "region_digits")
    #expect(field(FactQuery(indicatorIDs: ["a"], periodMonths: 1, regionDigits: 4)) == "region_digits")
  }
}
