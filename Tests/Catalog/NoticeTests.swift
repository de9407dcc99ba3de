import CatalogDomain
import CatalogStore
import Kernel
import Testing

@Suite struct NoticeTests {
  private static let bureau = Caller(organisation: "zibo-bureau", role: .regulator, regionPrefix: "3703", subject: "a")
  private static func worker(_ region: String) -> Caller {
    Caller(organisation: "grid-\(region)", role: .gridWorker, regionPrefix: region, subject: "w")
  }

  private static func notice(
    _ id: String, regions: [String] = [], industries: [String] = [], tags: [String] = [],
    audiences: [NoticeAudience] = [.firms, .gridWorkers, .institutions], products: [String] = []
  ) -> PolicyNotice {
    PolicyNotice(
      id: id, kind: .farmers, title: LocalizedText(zh: "助农清单"), body: LocalizedText(zh: "内容"), audiences: audiences,
      target: NoticeTarget(regions: regions, industries: industries, tags: tags), products: products, sources: [],
      effectiveFrom: nil, effectiveTo: nil)
  }

  private static func publish(_ notice: PolicyNotice, _ caller: Caller = bureau) throws -> PolicyNotice {
    try NoticeDecisions.publish(notice, existing: false, known: ["p"], caller: caller, now: TestCatalog.now)
  }

  @Test func `a regulator publishes inside its region, and everywhere inside it when it names none`() throws {
    #expect(try Self.publish(Self.notice("n")).target.regions == ["3703"])
    #expect(try Self.publish(Self.notice("n", regions: ["370302"])).target.regions == ["370302"])
    let error = #expect(throws: DomainError.self) { try Self.publish(Self.notice("n", regions: ["3703", "3706"])) }
    #expect(error?.reason == .outOfScope && error?.field == "notice.target.regions[1]")
    let unknown = #expect(throws: DomainError.self) { try Self.publish(Self.notice("n", products: ["p", "q"])) }
    #expect(unknown?.field == "notice.products[1]")
  }

  @Test func `a notice concerns a firm that meets every list it has`() throws {
    let notice = try Self.publish(Self.notice("n", regions: ["370302"], industries: ["C13"], tags: ["grain", "oil"]))
    var firm = Profile()
    #expect(!notice.target.concerns(firm), "what is not told is not met")
    firm[.region] = "370302101"
    firm[.industry] = "C1311"
    #expect(!notice.target.concerns(firm))
    firm[.tags] = ["oil"]
    #expect(notice.target.concerns(firm))
    firm[.region] = "370303"
    #expect(!notice.target.concerns(firm))
  }

  @Test func `a village's worker sees the city's notices, a city sees its villages', another city none`() throws {
    let city = try Self.publish(Self.notice("n"))
    let village = try Self.publish(Self.notice("n", regions: ["370302101"]))
    #expect(city.isFor(Self.worker("370302101")) && village.isFor(Self.worker("3703")))
    #expect(!village.isFor(Self.worker("370303")) && !city.isFor(Self.worker("3706")))
    let firms = try Self.publish(Self.notice("n", audiences: [.firms]))
    #expect(!firms.isFor(Self.worker("3703")))
  }

  @Test func `it is pushed to the institutions that serve there, acknowledged once each, and taken back`() async throws
  {
    let catalog = try TestCatalog()
    for (id, region) in [("zibo-bank", "3703"), ("yantai-bank", "3706")] {
      _ = try await catalog.repository.createInstitution(
        Institution(id: id, kind: .bank, nameZH: id, serviceRegions: [region]),
        envelope: try TestCatalog.envelope("i-\(id)")
      ) { _ in [] }
    }
    let notice = try await catalog.repository.publishNotice(
      Self.notice("n"), envelope: try TestCatalog.envelope("publish", Self.bureau), encode: { _ in [] }
    ).outcome
    #expect(notice.pushed == 1)
    func receipts(_ pending: Bool) async throws -> [String] {
      try await catalog.repository.noticeReceipts(of: "n", pendingOnly: pending, after: nil, limit: 9)
        .map(\.organisation)
    }
    #expect(try await receipts(true) == ["zibo-bank"])
    func acknowledge(_ key: String, _ caller: Caller) async throws -> NoticeReceipt {
      try await catalog.repository.acknowledgeNotice(
        id: "n", note: "12 户", envelope: try TestCatalog.envelope(key, caller), encode: { _ in [] }
      ).outcome
    }
    _ = try await acknowledge("a1", TestCatalog.bank("zibo-bank"))
    _ = try await acknowledge("a2", Self.worker("370302"))
    let again = try await acknowledge("a3", Self.worker("370302"))
    #expect(again.pushTime == nil && again.note == "12 户")
    #expect(try await receipts(true) == [])
    #expect(try await receipts(false) == ["grid-370302", "zibo-bank"])
    do {
      _ = try await acknowledge("a4", Self.worker("3706"))
      Issue.record("a notice of another city was acknowledged")
    } catch let error as DomainError { #expect(error.reason == .outOfScope) }
    let stored = try await catalog.repository.notice("n")
    #expect(stored.acknowledged == 2)
    let withdrawn = try await catalog.repository.withdrawNotice(
      id: "n", etag: stored.etag, reason: "更正", envelope: try TestCatalog.envelope("back", Self.bureau),
      encode: { _ in [] }
    ).outcome
    let today = try TestCatalog.now.shanghaiDate()
    #expect(withdrawn.state == .withdrawn && !withdrawn.holds(on: today))
    #expect(try await catalog.repository.notices(NoticeFilter(state: .published), after: nil, limit: 9).isEmpty)
    await catalog.remove()
  }

  // MARK: Reports of wrong data

  @Test func `a report is answered by the institution, in order, and corrected by a later version`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    let product = try await catalog.publish(try await catalog.create("p", "bank-a"))
    let firm = Caller(organisation: "firm", role: .enterprise, regionPrefix: "", subject: "f")
    let report = try await catalog.repository.reportError(
      ProductErrorDraft(id: "r", product: "p", version: 0, field: "amount.max", text: "太高", expected: ""),
      envelope: try TestCatalog.envelope("r", firm), encode: { _ in [] }
    ).outcome
    #expect(report.state == .open && report.version == 1 && report.reporter == "firm")
    func answer(
      _ key: String, _ etag: String, _ state: ErrorReportState, corrected: Int = 0,
      by caller: Caller = TestCatalog.bank("bank-a")
    ) async throws -> ProductErrorReport {
      try await catalog.repository.answerError(
        id: "r", etag: etag, answer: ProductErrorAnswer(state: state, text: "", correctedVersion: corrected),
        envelope: try TestCatalog.envelope(key, caller), encode: { _ in [] }
      ).outcome
    }
    func refused(_ key: String, _ body: (String) async throws -> ProductErrorReport) async -> ErrorReason? {
      do {
        _ = try await body(key)
        return nil
      } catch { return (error as? DomainError)?.reason }
    }
    #expect(
      await refused("x1") { try await answer($0, "1", .accepted, by: TestCatalog.bank("bank-b")) } == .outOfScope)
    #expect(await refused("x2") { try await answer($0, "1", .rejected) } == .requiredFieldMissing)
    #expect(await refused("x3") { try await answer($0, "1", .corrected, corrected: 2) } == .invalidArgument)
    let accepted = try await answer("a", "1", .accepted)
    #expect(await refused("x4") { try await answer($0, "1", .rejected) } == .etagMismatch)
    #expect(await refused("x5") { try await answer($0, accepted.etag, .accepted) } == .stateConflict)
    _ = try await catalog.repository.updateProduct(
      id: "p", etag: product.etag, envelope: try TestCatalog.envelope("fix"), encode: TestCatalog.encode
    ) { stored throws(DomainError) in
      var terms = stored
      terms.amount?.bounds.max = 100
      return terms
    }
    let corrected = try await answer("c", accepted.etag, .corrected, corrected: 2)
    #expect(corrected.state == .corrected && corrected.correctedVersion == 2)
    #expect(
      try await catalog.repository.errorReports(ErrorReportFilter(state: .open), after: nil, limit: 9).isEmpty)
    await catalog.remove()
  }

  @Test func `past applications move the score as documented`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    _ = try await catalog.publish(try await catalog.create("p", "bank-a"))
    let live = try await CatalogIndex(catalog.repository.snapshot().offers.flatMap(\.offers))
    let level = ReferenceLevel(oneYearPPM: nil, fiveYearPPM: nil)
    func success(_ index: CatalogIndex) throws -> Int? {
      index.match(try TestCatalog.profile(), limit: 1, level: level).matches.first?.score.success
    }
    #expect(try success(live) == 75)
    _ = try await catalog.repository.recordOutcomes(
      [ProductOutcome(product: "p", applications: 8, granted: 8)], envelope: try TestCatalog.envelope("o"),
      encode: { _ in [] })
    let index = CatalogIndex(try await catalog.repository.snapshot().offers.flatMap(\.offers))
    #expect(try success(index) == 135, "150 × 9 ÷ 10")
    #expect(throws: DomainError.self) {
      try ProductOutcome.validate([ProductOutcome(product: "p", applications: 1, granted: 2)])
    }
    await catalog.remove()
  }

  @Test func `an institution keeps its branches and regions; what binds it to caps is not its own to change`() throws {
    let stored = Institution(id: "b", kind: .bank, nameZH: "行", serviceRegions: ["3703"])
    var wanted = stored
    wanted.branches = [Branch(id: "b1", kind: .subBranch, nameZH: "支行", region: "370302", phone: "0533-123")]
    let changed = try InstitutionDecisions.update(
      stored, to: wanted, etag: "1", caller: TestCatalog.bank("b"), now: TestCatalog.now)
    #expect(changed.branches.count == 1 && changed.etag == "2")
    func refusal(_ caller: Caller, _ change: (inout Institution) -> Void) -> DomainError? {
      var other = wanted
      change(&other)
      do {
        _ = try InstitutionDecisions.update(stored, to: other, etag: "1", caller: caller, now: TestCatalog.now)
        return nil
      } catch { return error }
    }
    #expect(refusal(TestCatalog.bank("other")) { _ in }?.reason == .outOfScope)
    #expect(refusal(TestCatalog.bank("b")) { $0.governmentBacked = true }?.field == "institution.government_backed")
    #expect(refusal(TestCatalog.theOperator) { $0.governmentBacked = true } == nil)
    #expect(
      refusal(TestCatalog.bank("b")) { $0.branches[0].region = "37x" }?.field == "institution.branches[0].region_code")
    #expect(
      refusal(TestCatalog.bank("b")) { $0.branches.append($0.branches[0]) }?.field
        == "institution.branches[1].branch_id")
  }
}
