import CatalogDomain
import Kernel
import Testing

@Suite struct SearchTests {
  private static let today = RandomCatalog.day(0)
  private static let level = RandomCatalog.level

  private static func offer(
    _ id: String, _ zh: String, _ en: String = "", summary: String = "", institution: String = "bank-a",
    name: String = "甲银行", change: (inout ProductTerms) -> Void = { _ in }, window: Offer.Window? = nil
  ) -> Offer {
    var terms = ProductTerms(institution: institution, instrument: .loan, title: LocalizedText(zh: zh, en: en))
    if !summary.isEmpty { terms.summary = LocalizedText(zh: summary) }
    change(&terms)
    return Offer(
      id: id, version: 1, terms: terms, institutionRegions: ["37"], window: window, institutionName: name,
      institutionKind: .bank)
  }

  private static let index = SearchIndex([
    offer("a", "首贷通", "First loan express"), offer("b", "科技贷", "High-tech loan", summary: "支持首贷户"),
    offer("c", "农机租赁", "Farm machinery lease", name: "首创租赁") { $0.instrument = .lease },
    offer("d", "ＬＰＲ贷", "Floating loan") { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange(max: 100)) },
  ])

  private static func search(
    _ query: String, _ index: SearchIndex = index, _ change: (inout SearchQuestion) -> Void = { _ in }
  ) -> SearchResult {
    var question = SearchQuestion(asOf: today)
    question.query = query
    change(&question)
    return index.search(question, limit: 50, after: nil, withFacets: true, level: level)
  }

  private static func ids(_ query: String) -> [String] { search(query).hits.map(\.offer.id) }

  @Test func `Chinese words of one, two and three characters are found, English ones by their beginning`() {
    #expect(Self.ids("首贷") == ["a", "b"], "the title comes before the summary")
    #expect(Self.ids("首贷户") == ["b"])
    #expect(Self.ids("首") == ["a", "c", "b"], "title, institution, text")
    #expect(Self.ids("贷首") == [])
    #expect(Self.ids("EXPRESS") == ["a"])
    #expect(Self.ids("mach") == ["c"])
    #expect(Self.ids("achinery") == [])
    #expect(Self.ids("loan") == ["a", "b", "d"])
    #expect(Self.ids("loan 首贷") == ["a", "b"])
    #expect(Self.ids("lpr贷") == ["d"], "full-width letters are the same word")
    #expect(Self.ids("") == ["a", "b", "c", "d"])
    #expect(Self.ids("、，") == ["a", "b", "c", "d"])
  }

  @Test func `filters take their bounds, and facets count what another choice would find`() {
    func found(_ change: (inout SearchQuestion) -> Void) -> [String] {
      Self.search("", Self.index, change).hits.map(\.offer.id)
    }
    #expect(found { $0.amount = Money(100, .cny) } == ["a", "b", "c", "d"])
    #expect(found { $0.amount = Money(101, .cny) } == ["a", "b", "c"])
    #expect(found { $0.amount = Money(100, .usd) } == [])
    #expect(found { $0.region = "370902" }.count == 4)
    #expect(found { $0.region = "110101" } == [])
    #expect(found { $0.maxRate = Rate(ppm: 1_000_000) } == [], "an unstated rate is not below any limit")
    let result = Self.search("", Self.index) { $0.filters = [.instrument: ["LEASE"]] }
    #expect(result.total == 1)
    let instruments = result.facets.first { $0.facet == .instrument }?.values.map { "\($0.value) \($0.count)" }
    #expect(instruments == ["LOAN 3", "LEASE 1"])
    let kinds = result.facets.first { $0.facet == .institutionKind }?.values.map(\.count)
    #expect(kinds == [1])
  }

  @Test func `current, future and all ask for the days a version is in force`() throws {
    let start = try Self.today.adding(days: 1)
    let index = SearchIndex([
      Self.offer("now", "贷", window: .init(to: Self.today)), Self.offer("next", "贷", window: .init(from: start)),
      Self.offer("past", "贷", window: .init(to: try Self.today.adding(days: -1))),
    ])
    func ids(_ effective: EffectiveFilter) -> [String] {
      Self.search("", index) { $0.effective = effective }.hits.map(\.offer.id)
    }
    #expect(ids(.current) == ["now"] && ids(.future) == ["next"] && ids(.all) == ["next", "now"])
  }

  /// Every order, page by page, against everything sorted at once; with changes in between.
  @Test func `pages of every order are those of one sorted list, whatever was changed`() {
    var random = SeededGenerator(seed: 7)
    var current: [String: Offer] = [:]
    var index = SearchIndex([])
    for round in 0..<12 {
      var changes: [(id: String, offers: [Offer])] = []
      for number in random.some(Array(0..<300), 20...80) {
        let offer = RandomCatalog.offer(number, &random, depth: 1)
        let stays = round == 0 || random.chance(80)
        changes.append((offer.id, stays ? [offer] : []))
        current[offer.id] = stays ? offer : nil
      }
      index = index.applying(changes)
      #expect(index.count == current.count)
      for order in SearchOrder.allCases {
        var question = SearchQuestion(asOf: Self.today)
        question.order = order
        if random.chance(50) { question.filters = [.instrument: ["LOAN", "LEASE", "BOND"]] }
        let whole = index.search(question, limit: 1000, after: nil, withFacets: false, level: Self.level)
        let wanted = current.values.filter { offer in
          offer.window.contains(Self.today)
            && (question.filters.isEmpty || ["LOAN", "LEASE", "BOND"].contains(offer.terms.instrument.key))
        }
        #expect(Set(whole.hits.map(\.offer.id)) == Set(wanted.map(\.id)) && whole.total == wanted.count)
        let places = whole.hits.map(\.place)
        #expect(places == places.sorted { ($0.key, $0.id) < ($1.key, $1.id) })
        var paged: [String] = []
        var after: SearchPlace?
        repeat {
          let page = index.search(question, limit: 7, after: after, withFacets: false, level: Self.level)
          paged += page.hits.map(\.offer.id)
          after = page.hits.count == 7 ? page.hits.last?.place : nil
        } while after != nil
        #expect(paged == whole.hits.map(\.offer.id), "round \(round), \(order)")
      }
    }
  }

  @Test func `numbers and days filter as a walk over every offer does`() {
    var found = 0
    for seed in UInt64(0)..<20 {
      var random = SeededGenerator(seed: seed)
      let offers = (0..<150).map { RandomCatalog.offer($0, &random, depth: 1) }
      let index = SearchIndex(offers)
      for _ in 0..<12 {
        var question = SearchQuestion(
          asOf: RandomCatalog.day(random.pick([-101, -100, 0, 100, 101, 200, 201, 500, 501])))
        question.effective = random.pick(EffectiveFilter.allCases)
        if random.chance(50) { question.amount = Money(random.pick(RandomCatalog.amounts), random.pick([.cny, .usd])) }
        if random.chance(50) { question.tenor = random.pick([.months(1), .months(12), .days(31), .days(366)]) }
        if random.chance(30) { question.maxRate = Rate(ppm: random.pick([0, 37_000, 60_000, 90_000])) }
        let expected = offers.filter { Self.admits($0, question) }.map(\.id).sorted()
        let result = index.search(question, limit: 200, after: nil, withFacets: false, level: Self.level)
        #expect(result.hits.map(\.offer.id) == expected, "seed \(seed)")
        #expect(result.total == expected.count)
        found += expected.count
      }
    }
    #expect(found > 1_000)
  }

  private static func admits(_ offer: Offer, _ question: SearchQuestion) -> Bool {
    let window = offer.window
    let inTime =
      switch question.effective {
      case .current: window.contains(question.asOf)
      case .future: window.from.map { question.asOf < $0 } ?? false
      case .all: window.to.map { question.asOf <= $0 } ?? true
      }
    if !inTime { return false }
    if let amount = question.amount, let range = offer.terms.amount {
      if range.currency != amount.currency || !range.bounds.contains(amount.minorUnits) { return false }
    } else if let amount = question.amount, amount.currency != .cny {
      return false
    }
    if let days = question.tenor?.comparableDays, let range = offer.terms.tenor {
      if let min = range.min, days < min.comparableDays { return false }
      if let max = range.max, days > max.comparableDays { return false }
    }
    guard let most = question.maxRate else { return true }
    return CatalogIndex.rate(offer, Profile(), level: level).allInPPM.map { $0 <= most.ppm } ?? false
  }
}
