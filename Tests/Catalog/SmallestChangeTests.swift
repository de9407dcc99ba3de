import CatalogDomain
import Kernel
import Testing

@Suite struct SmallestChangeTests {
  #if DEBUG
    private static let seeds: Range<UInt64> = 0..<12
  #else
    private static let seeds: Range<UInt64> = 0..<340
  #endif

  @Test func `every reported change, applied, makes the product eligible`() {
    var pairs = 0
    var changes = 0
    var unfixable = 0
    for seed in Self.seeds {
      var random = SeededGenerator(seed: seed)
      let offers = (0..<60).map { RandomCatalog.offer($0, &random) }
      for _ in 0..<5 {
        let profile = RandomCatalog.profile(&random)
        for offer in offers {
          pairs += 1
          switch Self.judge(offer, profile) {
          case .sound: break
          case .changed: changes += 1
          case .unfixable: unfixable += 1
          case .wrong(let problem): Issue.record("seed \(seed) \(offer.id): \(problem)")
          }
        }
      }
    }
    #expect(changes > 20 * unfixable && unfixable > 0)
    #if !DEBUG
      #expect(pairs >= 100_000)
    #endif
  }

  private enum Judgement {
    /// Eligible, and nothing to explain.
    case sound
    /// Refused, and the change that is named makes it eligible.
    case changed
    case unfixable
    case wrong(String)
  }

  private static func judge(_ offer: Offer, _ profile: Profile) -> Judgement {
    let eligible = NaiveEvaluator.isEligible(offer, profile)
    guard let refusal = Explanation.refusal(offer, profile) else {
      return eligible ? .sound : .wrong("it does not fit, and nothing says why")
    }
    if eligible { return .wrong("it fits, and is refused") }
    if refusal.failed.isEmpty { return .wrong("no condition is named") }
    if !refusal.change.minimal { return .wrong("the search gave up") }
    if refusal.change.unfixable { return .unfixable }
    var changed = profile
    for step in refusal.change.steps { changed.apply(step.variable, step.to) }
    return NaiveEvaluator.isEligible(offer, changed) ? .changed : .wrong("\(refusal.change.steps) does not do")
  }

  @Test func `undoing any one step of the change refuses the product again`() {
    for seed in Self.seeds.prefix(8) {
      var random = SeededGenerator(seed: seed)
      let offers = (0..<60).map { RandomCatalog.offer($0, &random) }
      let profile = RandomCatalog.profile(&random)
      for offer in offers {
        guard let steps = Explanation.refusal(offer, profile)?.change.steps, !steps.isEmpty else { continue }
        for left in steps.indices {
          var changed = profile
          for (index, step) in steps.enumerated() where index != left { changed.apply(step.variable, step.to) }
          #expect(!NaiveEvaluator.isEligible(offer, changed), "seed \(seed) \(offer.id): step \(left) is needless")
        }
      }
    }
  }

  private static func offer(_ eligibility: Predicate, _ build: (inout ProductTerms) -> Void = { _ in }) -> Offer {
    var terms = ProductTerms(institution: "bank", instrument: .loan, title: LocalizedText(zh: "贷"))
    terms.eligibility = eligibility
    build(&terms)
    return Offer(id: "p", version: 1, terms: terms, institutionRegions: [])
  }

  private static func profile(_ yuan: Int64 = 1_000_000) throws -> Profile {
    var profile = Profile()
    profile.setNeed(
      instruments: [.loan], amount: Money(yuan * 100, .cny), tenor: .months(12), securityModes: [],
      asOf: try BusinessDate(year: 2023, month: 6, day: 30))
    return profile
  }

  @Test func `names by how much a number is missed and the nearest number that would do`() throws {
    var profile = try Self.profile()
    profile[.annualRevenue] = 420_000_000
    let offer = Self.offer(.condition(.range(.annualRevenue, IntegerRange(min: 500_000_000, minExclusive: true))))
    let refusal = try #require(Explanation.refusal(offer, profile))
    #expect(refusal.failed.map(\.path) == ["eligibility.condition.annual_revenue"])
    #expect(refusal.failed[0].required == "annual_revenue > CNY 5000000.00")
    #expect(refusal.failed[0].actual == "CNY 4200000.00")
    #expect(refusal.failed[0].shortfall == 80_000_001)
    #expect(refusal.change.steps.map(\.to) == [.number(500_000_001)])
  }

  @Test func `prefers changing the need to changing the firm`() throws {
    var profile = try Self.profile(8_000_000)
    profile[.size] = 1 << 3
    let offer = Self.offer(
      .anyOf([.condition(.oneOf(.size, 0b110)), .condition(.hasAny(.consents, ["credit-report"]))])
    ) { $0.amount = AmountRange(currency: .cny, bounds: IntegerRange(max: 500_000_000)) }
    let steps = try #require(Explanation.refusal(offer, profile)).change.steps
    #expect(steps.map(\.variable) == [.word(.consents, "credit-report"), .ordered(.amount)].sorted { $0.key > $1.key })
    #expect(steps.contains { $0.to == .number(500_000_000) })
  }

  @Test func `sees that one attribute may be pulled in two directions`() throws {
    var profile = try Self.profile()
    profile[.staff] = 5
    let offer = Self.offer(
      .allOf([
        .condition(.range(.staff, IntegerRange(min: 10))),
        .anyOf([.condition(.range(.staff, IntegerRange(max: 7))), .condition(.hasAny(.tags, ["grain"]))]),
      ]))
    let steps = try #require(Explanation.refusal(offer, profile)).change.steps
    #expect(Set(steps.map(\.variable)) == [.ordered(.staff), .word(.tags, "grain")])
  }

  @Test func `says that contradictory conditions cannot be met`() throws {
    let offer = Self.offer(
      .allOf([.condition(.within(.region, ["37"])), .negated(.condition(.within(.region, ["37"])))]))
    var profile = try Self.profile()
    profile[.region] = "3703"
    let change = try #require(Explanation.refusal(offer, profile)).change
    #expect(change.unfixable && change.steps.isEmpty)
  }

  @Test func `an unknown fact is reported as unknown, also under a negation`() throws {
    let offer = Self.offer(.negated(.condition(.range(.debtRatio, IntegerRange(min: 700_000)))))
    let refusal = try #require(Explanation.refusal(offer, try Self.profile()))
    #expect(refusal.failed.map(\.unknown) == [true])
    #expect(refusal.failed[0].required == "not (debt_ratio >= 70%)")
    #expect(refusal.change.steps.map(\.to) == [.number(699_999)])
  }

  /// As many tags as a condition may name, overlapping those of its neighbours irregularly.
  private static func tangledTags(_ number: Int) -> Predicate {
    let words = CatalogLimits.conditionValues * 8
    let tags = (0..<CatalogLimits.conditionValues).map { index -> String in
      let word = (index * 7 + number * 13 * index) % words
      return "w\(word)"
    }
    return .condition(.hasAny(.tags, tags))
  }

  private static func forbiddenPair(_ number: Int) -> Predicate {
    let range = IntegerRange(min: Int64(number * 2), max: Int64(number * 2 + 1))
    return .negated(.condition(.range(.staff, range)))
  }

  @Test func `a hostile tree ends the search instead of the process`() throws {
    let leaves = (0..<60).map(Self.tangledTags)
    let numbers = (0..<28).map(Self.forbiddenPair)
    let negatedLeaves: [Predicate] = leaves.map { .negated($0) }
    let trees: [Predicate] = [
      .atLeast(30, leaves), .allOf(leaves), .negated(.atLeast(2, negatedLeaves)),
      .allOf([.atLeast(24, numbers), .atLeast(20, leaves)]),
    ]
    for tree in trees {
      try tree.validate()
      var profile = try Self.profile()
      profile[.staff] = 7
      let offer = Self.offer(tree)
      let change = try #require(Explanation.refusal(offer, profile)).change
      var changed = profile
      for step in change.steps { changed.apply(step.variable, step.to) }
      #expect(change.steps.isEmpty || NaiveEvaluator.isEligible(offer, changed))
    }
  }
}
