import Kernel
import Testing

@testable import Policy

@Suite struct ReadingTests {
  private static func pack(_ id: String, _ head: String = "", rules: String) -> PolicySource {
    PolicySource(
      name: "\(id).yaml",
      yaml: """
        pack: \(id)
        title: \(id)
        document: \(id)
        in_force: {from: 2023-01-01, to: 2023-12-31}
        \(head)
        rules:
        \(rules)

        """)
  }

  private static func cap(_ id: String, _ ppm: Int, _ extra: String = "") -> String {
    "  - {id: \(id), parameter: claim_rate.cap, value: \(ppm), unit: ppm, inclusive: true, \(extra) source: {article: 一}}"
  }

  private static let silent = "  - {id: silent, parameter: claim_rate.cap, value: not_stated, source: {article: 一}}"

  private static func read(
    _ packs: [PolicySource], _ scope: PolicyScope = PolicyScope(region: "370602"), on date: String = "2023-06-01"
  ) throws -> String {
    let book = try PolicyBook.load(packs, hash: PackFiles.fingerprint)
    return try book.parameter("claim_rate.cap", as: .rate, scope: scope, on: day(date)).citation.ruleID
  }

  @Test func `a nearer level answers first whatever the order of the packs`() throws {
    let packs = [
      Self.pack("convention", "level: convention", rules: Self.cap("c", 1)),
      Self.pack("choice", "level: choice", rules: Self.cap("c", 7)),
      Self.pack("nation", rules: Self.cap("c", 2)),
      Self.pack("province", "region: \"37\"", rules: Self.cap("c", 3)),
      Self.pack("city", "region: \"3706\"", rules: Self.cap("c", 4)),
      Self.pack("county", "region: \"370602\"", rules: Self.cap("c", 5)),
      Self.pack("decision", "level: decision", rules: Self.cap("c", 6)),
    ]
    for order in [packs, packs.reversed()] {
      #expect(try Self.read(order) == "decision.c")
      #expect(try Self.read(order.filter { $0.name != "decision.yaml" }) == "county.c")
      #expect(try Self.read(order, PolicyScope(region: "370611")) == "decision.c")
    }
    let documents = packs.filter { $0.name != "decision.yaml" }
    #expect(try Self.read(documents, PolicyScope(region: "370611")) == "city.c")
    #expect(try Self.read(documents, PolicyScope(region: "3702")) == "province.c")
    #expect(try Self.read(documents, PolicyScope(region: "51")) == "nation.c")
    #expect(try Self.read(packs.prefix(2).reversed(), PolicyScope()) == "choice.c")
    #expect(try Self.read([packs[0]], PolicyScope()) == "convention.c")
  }

  @Test func `packs of one level answer in the order they are given`() throws {
    let (first, second) = (Self.pack("a", rules: Self.cap("c", 1)), Self.pack("b", rules: Self.cap("c", 2)))
    #expect(try Self.read([first, second]) == "a.c")
    #expect(try Self.read([second, first]) == "b.c")
  }

  @Test func `within a pack the more specific rule answers`() throws {
    let rules = [
      Self.cap("plain", 1), Self.cap("product", 2, "scope: {product: guarantee},"),
      Self.cap("farm", 3, "scope: {agricultural: true},"),
      Self.cap("farm_product", 4, "scope: {product: guarantee, agricultural: true},"),
      Self.cap("county", 5, "scope: {region: \"370602\"},"),
    ]
    let pack = [Self.pack("a", "region: \"3706\"", rules: rules.joined(separator: "\n"))]
    let farm = PolicyAttributes(agricultural: true)
    let other = PolicyAttributes(agricultural: false)
    #expect(try Self.read(pack, PolicyScope(region: "370611", attributes: other)) == "a.plain")
    #expect(try Self.read(pack, PolicyScope(region: "370611", attributes: farm)) == "a.farm")
    #expect(try Self.read(pack, PolicyScope(region: "370611", product: "guarantee", attributes: other)) == "a.product")
    #expect(
      try Self.read(pack, PolicyScope(region: "370611", product: "guarantee", attributes: farm)) == "a.farm_product")
    #expect(try Self.read(pack, PolicyScope(region: "370602", product: "guarantee", attributes: farm)) == "a.county")
  }

  @Test func `a pack that is silent passes the question on`() throws {
    let stated = Self.pack("nation", rules: Self.cap("c", 1))
    let city = Self.pack("city", "region: \"3706\"", rules: Self.silent)
    #expect(try Self.read([city, stated]) == "nation.c")
    let book = try PolicyBook.load([city], hash: PackFiles.fingerprint)
    do {
      _ = try book.parameter("claim_rate.cap", as: .rate, scope: PolicyScope(region: "3706"), on: day("2023-06-01"))
      Issue.record("answered")
    } catch let error as DomainError {
      #expect(error.reason == .policyNotStated)
      #expect(error.message.contains("city 一 is silent"))
      #expect(
        error.metadata == [
          "parameter": "claim_rate.cap", "date": "2023-06-01", "region": "3706", "rule": "city.silent",
        ])
    }
    #expect(try book.parameterIfStated("claim_rate.cap", as: .rate, on: day("2023-06-01")) == nil)
  }

  @Test func `a fact that decides and was not given is asked for, never assumed`() throws {
    let rules = Self.cap("plain", 1) + "\n" + Self.cap("farm", 3, "scope: {agricultural: true},")
    let book = try PolicyBook.load([Self.pack("a", rules: rules)], hash: PackFiles.fingerprint)
    do {
      _ = try book.parameterIfStated("claim_rate.cap", as: .rate, on: day("2023-06-01"))
      Issue.record("answered")
    } catch let error as DomainError {
      #expect(error.reason == .policyFactMissing)
      #expect(error.metadata["attribute"] == "agricultural")
      #expect(error.metadata["rule"] == "a.farm")
    }
    #expect(
      reason { _ = try book.parameter("claim_rate.cap", as: .rate, on: day("2024-01-01")) } == "POLICY_NOT_STATED",
      "outside the window it decides nothing")
  }

  @Test func `a window includes both its ends`() throws {
    let packs = [Self.pack("a", rules: Self.cap("c", 1))]
    for date in ["2023-01-01", "2023-12-31"] { #expect(try Self.read(packs, on: date) == "a.c") }
    for date in ["2022-12-31", "2024-01-01"] {
      #expect(reason { _ = try Self.read(packs, on: date) } == "POLICY_NOT_STATED")
    }
  }

  @Test func `an adopted pack holds for the adopter and no longer where it was issued`() throws {
    var source = try PackFiles.source("donghai-2025", adoptedFor: "3706")
    let date = try day("2025-09-01")
    var book = try PolicyBook.load([source], hash: PackFiles.fingerprint)
    func days(_ region: String) throws -> Int64? {
      let scope = PolicyScope(region: region, product: "bridge_loan")
      return try book.parameterIfStated("bridge_loan.days.cap", as: .days, scope: scope, on: date)?.value.count
    }
    #expect(try days("370602") == 10)
    #expect(try days("320722") == nil)
    source.adoptedFor = ""
    book = try PolicyBook.load([source], hash: PackFiles.fingerprint)
    #expect(try days("110101") == 10)
    source.adoptedFor = "here"
    #expect(throws: PolicyLoadError.self) { try PolicyBook.load([source], hash: PackFiles.fingerprint) }
  }

  @Test func `an unknown parameter is not stated and a wrong kind is the program's fault`() throws {
    let book = try PolicyBook.load([Self.pack("a", rules: Self.cap("c", 1))], hash: PackFiles.fingerprint)
    #expect(reason { _ = try book.parameter("no.such", as: .rate, on: day("2023-06-01")) } == "POLICY_NOT_STATED")
    #expect(reason { _ = try book.parameter("claim_rate.cap", as: .money, on: day("2023-06-01")) } == "INTERNAL")
  }

  @Test func `the digest covers every byte, the names and the order`() throws {
    let (a, b) = (Self.pack("a", rules: Self.cap("c", 1)), Self.pack("b", rules: Self.cap("c", 2)))
    func digest(_ packs: PolicySource...) throws -> String {
      try PolicyBook.load(packs, hash: PackFiles.fingerprint).digest
    }
    var renamed = a
    renamed.name = "z.yaml"
    var commented = a
    commented.yaml += "# a comment\n"
    let digests = try [digest(a), digest(b), digest(a, b), digest(b, a), digest(renamed), digest(commented), digest()]
    #expect(Set(digests).count == digests.count)
    #expect(try digest(a, b) == digest(a, b))
    #expect(digests.allSatisfy { $0.utf8.count == 16 && $0.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) } })
  }

  @Test func `a reading lists every rule it used once, in order`() throws {
    let book = try PackFiles.book("yantai-2023-8")
    var reading = PolicyReading(book, scope: PolicyScope(region: "3706"), on: try day("2023-08-07"))
    _ = try reading("ip_subsidy.share", as: .rate)
    _ = try reading("renewal.approval.days.cap", as: .days)
    _ = try reading("ip_subsidy.share", as: .rate)
    #expect(try reading.ifStated("bridge_fee.tiers", as: .bands) == nil)
    #expect(
      reading.citations.map(\.ruleID) == ["yantai-2023-8.ip_subsidy.share", "yantai-2023-8.renewal.approval.days"])
    #expect(reading.citations.first?.document == "烟营办便函〔2023〕8号")
    #expect(reading.citations.first?.article == "三(四)11")
  }

  @Test func `thresholds say themselves what they allow`() throws {
    let book = try PackFiles.book("yantai-2023-8")
    let scope = PolicyScope(region: "3706")
    let date = try day("2023-08-07")
    let supermarket = try book.parameter("target.supermarket_products.floor", as: .integer, scope: scope, on: date)
    #expect(!supermarket.admits(100) && supermarket.admits(101))
    let platform = try book.parameter("target.platform_products.floor", as: .integer, scope: scope, on: date)
    #expect(!platform.admits(399) && platform.admits(400))
    let approval = try book.parameter("renewal.approval.days.cap", as: .days, scope: scope, on: date)
    #expect(approval.admits(days: 3) && !approval.admits(days: 4))
    let grade = try book.parameter("bridge_loan.priority_grade.floor", as: .grade, scope: scope, on: date)
    #expect(try grade.admits(Grade("C")) && grade.admits(Grade("AAA")) && !grade.admits(Grade("D")))
    let amount = try book.parameter("platform_loan.amount.cap", as: .money, scope: scope, on: day("2024-01-01"))
    #expect(try amount.admits(Money(1_000_000_000, .cny)) && !amount.admits(Money(1_000_000_001, .cny)))
    #expect(reason { _ = try amount.admits(Money(1, .usd)) } == "CURRENCY_MISMATCH")
    let average = try PackFiles.book("guobanfa-2019-6").parameter("guarantee_fee.average.cap", as: .rate, on: date)
    #expect(average.admits(Rate(ppm: 9_999)) && !average.admits(Rate(ppm: 10_000)))
    let share = try book.parameter("ip_subsidy.share", as: .rate, scope: scope, on: date)
    #expect(share.direction == nil && share.admits(.zero))
  }

  @Test func `grades are one scale from AAA to D`() throws {
    #expect(try Grade.scale.map { try Grade($0) } == Grade.scale.map { try Grade($0) }.sorted(by: >))
    for text in ["", "E", "a", "AAAA", "C级"] { #expect(reason { _ = try Grade(text) } == "INVALID_ARGUMENT") }
  }
}

@Suite struct BoundaryTests {
  @Test(arguments: [
    (500_000_000, SizeBand.small, 10_000), (500_000_001, .small, 15_000), (1, .micro, 10_000),
    (600_000_000, .micro, 15_000),
    (0, .small, 10_000),
  ])
  func `the guarantee fee cap changes one 分 above five million`(total: Int64, size: SizeBand, ppm: Int64) throws {
    let attributes = PolicyAttributes(size: size, guaranteeTotal: Money(total, .cny))
    let cap = try PackFiles.book("yantai-2023-8").parameter(
      "guarantee_fee.cap", as: .rate, scope: PolicyScope(region: "3706", attributes: attributes), on: day("2023-08-07"))
    #expect(cap.value.ppm == ppm)
    #expect(cap.admits(Rate(ppm: ppm)) && !cap.admits(Rate(ppm: ppm + 1)))
  }

  @Test func `two guarantees of three million are six million`() throws {
    let total = try yuan(3_000_000).adding(yuan(3_000_000))
    let scope = PolicyScope(region: "3706", attributes: PolicyAttributes(size: .small, guaranteeTotal: total))
    #expect(
      try PackFiles.book("yantai-2023-8").parameter("guarantee_fee.cap", as: .rate, scope: scope, on: day("2023-08-07"))
        .value.ppm == 15_000)
  }

  @Test func `a total in another currency is refused, not compared`() throws {
    let attributes = PolicyAttributes(size: .small, guaranteeTotal: Money(1, .usd))
    let scope = PolicyScope(region: "3706", attributes: attributes)
    #expect(
      reason {
        _ = try PackFiles.book("yantai-2023-8").parameter(
          "guarantee_fee.cap", as: .rate, scope: scope, on: day("2023-08-07"))
      } == "CURRENCY_MISMATCH")
  }
}
