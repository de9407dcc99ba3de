import CatalogDomain
import CatalogStore
import Foundation
import Kernel
import Protos
import TestProgram
import Testing

@testable import CatalogAPI

/// Products from files and into files.
@Suite struct FileTests {
  /// A product that uses every field, as hard to write in a table as it gets.
  private static func everything() throws -> ProductTerms {
    let text = LocalizedText(zh: "一,\"二\"\n三;四", en: " blanks at both ends ")
    var terms = ProductTerms(
      institution: "bank-a", instrument: .bridgeLoan, title: LocalizedText(zh: "标题,“引”\"号\"", en: "Title; with"),
      summary: text, features: [text, LocalizedText(zh: "", en: "=1+1")],
      amount: AmountRange(
        currency: .cny, bounds: IntegerRange(min: 1, minExclusive: true, max: 500_000_000, maxExclusive: true)),
      tenor: TenorRange(min: .days(5), max: .months(36)))
    terms.rate = InterestRate(
      basis: .lpr5Y, lowest: Rate(ppm: -1_000), highest: Rate(ppm: 2_000),
      tiers: RateTiers(
        method: .perTier, currency: .cny,
        tiers: [
          RateTier(bounds: IntegerRange(max: 100), lowest: Rate(ppm: 0), highest: Rate(ppm: 1)),
          RateTier(bounds: IntegerRange(min: 100, minExclusive: true), lowest: Rate(ppm: 2_000)),
        ]), dayCount: .actual365, notes: [text])
    terms.fees = [
      Fee(
        kind: .bridge, measure: .range(lowest: Rate(ppm: 100), highest: Rate(ppm: 200)), period: .perDay,
        cap: Rate(ppm: 5_000), note: text, periodCap: Money(10, .cny),
        discounts: [
          FeeDiscount(
            reduction: .shareOff(Rate(ppm: 300_000)), condition: .condition(.hasAny(.tags, ["x"])), note: text)
        ], title: text), Fee(kind: .other, measure: .unstated, period: .perEvent),
    ]
    terms.securityModes = [.credit, .pledge]
    terms.documents = [RequiredDocument(title: text, optional: true)]
    terms.process = Process(steps: 0, workingDays: 3, documentCount: nil, note: text)
    terms.eligibility = .atLeast(
      2,
      [
        .negated(.condition(.within(.industry, ["C", "K70"]))), .condition(.oneOf(.firstLoan, 2)),
        .condition(.range(.creditGrade, IntegerRange(min: 3, minExclusive: true))),
      ])
    terms.serviceRegions = ["3703", "370602"]
    terms.customerClasses = [.smallMicro, .publicBody]
    terms.effectiveFrom = try BusinessDate(iso: "2023-02-28")
    terms.effectiveTo = try BusinessDate(iso: "2024-02-29")
    terms.sources = [Source(document: "文", article: "条", quote: "句")]
    terms.bundle = ["p-1", "p-2"]
    terms.programmes = ["relending"]
    terms.repaymentMethods = [.equalInstalments, .revolving]
    terms.collateralKinds = ["patent"]
    terms.marketing = LocalizedText(zh: "", en: "")
    terms.predecessor = "p-0"
    terms.pageURI = "https://example.org/p"
    terms.conditionsInWords = [text]
    return terms
  }

  private static func csv(_ products: [(String, ProductTerms)]) throws -> String {
    try ProductCSV.headerLine()
      + products.map { id, terms in
        var product = Huirong_Catalog_V1_Product(terms)
        product.name = "products/\(id)"
        return try ProductCSV.line(product)
      }.joined()
  }

  @Test func `what the table writes it reads again, exactly`() throws {
    let everything = try Self.everything()
    try everything.validate()
    let bare = TestCatalog.terms("bank-a")
    let text = try Self.csv([("all", everything), ("bare", bare)])
    for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
      let file = try ProductFile.csv(bytes)
      #expect(file.rows.map(\.row.id) == ["all", "bare"])
      #expect(try file.rows[0].row.terms.get() == everything)
      #expect(try file.rows[1].row.terms.get() == bare)
      let again = try Self.csv(file.rows.map { ($0.row.id, try $0.row.terms.get()) })
      #expect(again == text)
    }
  }

  @Test func `random products make the round trip, too`() throws {
    var random = SeededGenerator(seed: 20)
    // Trees of random conditions hold ranges of grades that the schema has no words for.
    let products = (0..<400).map { number in
      var terms = RandomCatalog.terms(&random)
      terms.eligibility = nil
      return ("p\(number)", terms)
    }
    let file = try ProductFile.csv(Array(try Self.csv(products).utf8))
    for (row, product) in zip(file.rows, products) {
      #expect(try row.row.terms.get() == product.1, "\(product.0)")
    }
  }

  @Test func `half a bad table is reported row by row, each with its column`() throws {
    let text = """
      product_id,institution,instrument,title_zh,amount_max,tenor_max,rate_basis,rate_lowest_ppm,fees
      good,institutions/bank-a,LOAN,贷,CNY 100.00,12m,FIXED,34500,
      money,institutions/bank-a,LOAN,贷,100,12m,FIXED,34500,
      cents,institutions/bank-a,LOAN,贷,CNY 1.001,12m,FIXED,34500,
      word,institutions/bank-a,LOANS,贷,CNY 1.00,12m,FIXED,34500,
      tenor,institutions/bank-a,LOAN,贷,CNY 1.00,12,FIXED,34500,
      rate,institutions/bank-a,LOAN,贷,CNY 1.00,12m,FIXED,3.45%,
      json,institutions/bank-a,LOAN,贷,CNY 1.00,12m,FIXED,34500,{fees}
      short,institutions/bank-a
      fine,institutions/bank-a,LEASE,租,,,,,
      """
    let file = try ProductFile.csv(Array(text.utf8))
    let fields = file.rows.map { row -> String? in
      if case .failure(let error) = row.row.terms { error.field } else { nil }
    }
    #expect(
      fields == [
        nil, "amount_max", "amount_max", "instrument", "tenor_max", "rate_lowest_ppm", "fees", "line 9", nil,
      ])
    #expect(file.rows.map(\.line) == Array(2...10))
    for (text, words) in [
      ("product_id,nonsense\n", "nonsense"), ("title_zh\n", "product_id"), ("product_id,product_id\n", "once"),
      ("product_id\n\"open", "line 2"), ("", "header"),
    ] {
      let error = #expect(throws: DomainError.self) { try ProductFile.csv(Array(text.utf8)) }
      #expect(error?.message.contains(words) == true && error?.field == "content", "\(text)")
    }
  }

  // MARK: CDR

  private static func cdr(_ data: String, brand: String = "b1") -> ProductFile {
    ProductFile.cdrLines(Array(#"{"brandId": "\#(brand)", "data": \#(data)}"#.utf8))
  }

  private static func product(_ more: String) -> String {
    #"{"productId": "p", "name": "Loan", "brand": "B", "productCategory": "BUSINESS_LOANS", \#(more)}"#
  }

  /// Dirt as banks publish it, each with what is found and what is made of it.
  private static let dirt: [(json: String, field: String, check: @Sendable (ProductTerms) -> Bool)] = [
    (
      #""lendingRates": [{"lendingRateType": "VARIABLE ", "rate": "0.0795"}]"#, "data.lendingRates[0].lendingRateType",
      { $0.rate?.lowest.ppm == 79_500 }
    ),
    (
      #""lendingRates": [{"lendingRateType": "FIXED", "rate": "0.0"}, {"lendingRateType": "FIXED", "rate": "0.07"}]"#,
      "data.lendingRates[0].rate", { $0.rate?.lowest.ppm == 70_000 && $0.rate?.notes.count == 2 }
    ),
    (
      #""lendingRates": [{"lendingRateType": "PENALTY", "rate": "0.2"}]"#, "data.lendingRates[0].lendingRateType",
      { $0.rate == nil && $0.conditionsInWords.contains { $0.en.contains("PENALTY") } }
    ),
    (
      #""lendingRates": [{"lendingRateType": "FIXED", "rate": "7.5"}]"#, "data.lendingRates[0].rate", { $0.rate == nil }
    ),
    (
      #""constraints": [{"constraintType": "MIN_LIMIT", "additionalValue": "$20,000"}]"#,
      "data.constraints[0].additionalValue", { $0.amount?.bounds.min == 2_000_000 }
    ),
    (
      #""constraints": [{"constraintType": "MAX_LIMIT", "additionalValue": "3 year maximum term"}]"#,
      "data.constraints[0].additionalValue",
      { $0.amount?.bounds.max == nil && $0.conditionsInWords.contains { $0.en.contains("3 year") } }
    ),
    (
      #""fees": [{"feeType": "PERIODIC", "name": "F", "amount": "5.00", "additionalValue": "P3M"}]"#,
      "data.fees[0].additionalValue", { $0.fees.first?.period == .perEvent }
    ),
    (
      #""fees": [{"feeType": "EVENT", "name": "F", "amount": "5.00", "currency": "USD"}]"#, "data.fees[0].currency",
      { $0.fees.first?.measure == .unstated }
    ),
    (#""effectiveTo": "9999-12-31T00:00:00Z""#, "data.effectiveTo", { $0.effectiveTo == nil }),
    (
      #""applicationUri": "www.bank""#, "data.applicationUri",
      { $0.conditionsInWords.contains { $0.en.contains("www.bank") } }
    ),
    (#""nonsense": {"a": "b"}"#, "data.nonsense", { $0.conditionsInWords.contains { $0.en == "nonsense: a b" } }),
  ]

  @Test func `each dirt of a CDR product is found, and none of it is lost`() throws {
    for (json, field, check) in Self.dirt {
      let row = try #require(Self.cdr(Self.product(json)).rows.first)
      let terms = try row.row.terms.get()
      #expect(row.findings.map(\.field).contains(field), "\(json)")
      #expect(check(terms), "\(json)")
      try terms.validate()
    }
    let unread = Self.cdr(#"{"productId": "p", "name": "n", "brand": "B", "productCategory": "TERM_DEPOSITS"}"#)
    guard case .failure(let error) = unread.rows[0].row.terms else {
      Issue.record("a deposit was read as a loan")
      return
    }
    #expect(error.field == "data.productCategory")
  }

  @Test func `a product that stands twice is kept twice, and its brand is entered once`() throws {
    let line = #"{"brandId": "b1", "data": \#(Self.product(#""description": "d""#))}"#
    let file = ProductFile.cdrLines(Array("\(line)\n\n\(line)\nnot json\n".utf8))
    #expect(file.rows.map(\.line) == [1, 3, 4])
    #expect(file.rows.map(\.row.id) == ["cdr-b1-p", "cdr-b1-p~2", ""])
    #expect(file.rows[1].findings.map(\.field) == ["data.productId"])
    #expect(file.institutions.map(\.id) == ["cdr-b1"])
  }

  /// Where the banks' product file is: it is theirs and does not ship. `CDR_PRODUCTS` names it, plain or compressed by gzip.
  private static let cdrPath: String? = {
    let path =
      ProcessInfo.processInfo.environment["CDR_PRODUCTS"]
      ?? PackFiles.root.deletingLastPathComponent().appending(path: "shared/data/cdr-business-products.jsonl.gz").path
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }()

  /// The 430 products of 57 brands.
  @Test(.enabled(if: cdrPath != nil, "the banks' product file is not at hand: CDR_PRODUCTS names it"))
  func `all published business products are entered or refused with a reason`() async throws {
    let path = try #require(Self.cdrPath)
    let bytes =
      path.hasSuffix(".gz")
      ? try await Program.bytes("/bin/gzip", ["-dc", path]) : Array(try Data(contentsOf: URL(filePath: path)))
    var file = ProductFile.cdrLines(bytes)
    file.holdBackEnded(before: try BusinessDate(iso: "2024-08-01"))
    #expect(file.rows.count == 430 && file.institutions.count == 57)
    #expect(Set(file.rows.map(\.row.id)).count == 430)
    let catalog = try TestCatalog()
    let report = try await catalog.repository.importProducts(
      file.rows.map(\.row), institutions: file.institutions, goal: .submit(try BusinessDate(iso: "2024-08-01")),
      envelope: try TestCatalog.envelope("cdr"), encode: { _ in [] }
    ).outcome
    for result in report.results where result.outcome != .created {
      Issue.record("line \(result.row + 1): \(result.error.map { "\($0)" } ?? "")")
    }
    #expect(report.institutionsCreated == 57)
    print("CDR: \(report.results.count) rows, \(file.rows.reduce(0) { $0 + $1.findings.count }) findings")
    await catalog.remove()
  }
}
