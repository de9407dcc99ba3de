import Kernel
import Testing

@testable import Policy

@Suite struct RobustnessTests {
  #if DEBUG
    static let mutations = 1_000
    static let worlds = 200
  #else
    static let mutations = 20_000
    static let worlds = 5_000
  #endif

  private static let tokens = [
    "", " ", "  ", ":", "-", "?", "|", ">", "%", "@", "`", "\"", "'", "{", "}", "[", "]", ",", "#", "---", "...", "<<",
    "!!str ",
    "not_stated", "open", "true", "null", "~", "2023-02-30", "9223372036854775808", "-9223372036854775808", "0x10",
    "1e9",
    "\u{0}", "\u{FEFF}", "\u{2028}", "惠", "👩‍👩‍👧", "\r\n", "\t", "&a ", "*a", "effective_from: 2023-01-01", "at_most: 1",
  ]

  /// One to four edits of bytes, tokens or lines.
  private static func mutated(_ yaml: String, _ random: inout SeededGenerator) -> String {
    var bytes = Array(yaml.utf8)
    for _ in 0...Int.random(in: 0...3, using: &random) {
      let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where !bytes.isEmpty: bytes.remove(at: place)
      case 2:
        bytes.insert(contentsOf: Array((tokens.randomElement(using: &random) ?? "").utf8), at: min(place, bytes.count))
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...60, using: &random)))
      case 4:
        let slice = bytes[place..<min(bytes.count, place + Int.random(in: 0...80, using: &random))]
        bytes.insert(contentsOf: Array(slice), at: Int.random(in: 0...bytes.count, using: &random))
      default:
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        lines.swapAt(Int.random(in: lines.indices, using: &random), Int.random(in: lines.indices, using: &random))
        bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `a mutated pack either loads or names its mistakes, and never traps`() {
    var random = SeededGenerator(seed: 20_230_807)
    var loaded = 0
    for round in 0..<Self.mutations {
      let yaml = Self.mutated(Sample.yaml, &random)
      let mistakes = Sample.mistakes(yaml)
      if mistakes.isEmpty { loaded += 1 }
      // YAML also breaks lines at U+0085, U+2028 and U+2029; their last bytes bound the count.
      let lines = yaml.utf8.reduce(2) {
        $0 + ($1 == 0x0A || $1 == 0x0D || $1 == 0x85 || $1 == 0xA8 || $1 == 0xA9 ? 1 : 0)
      }
      for mistake in mistakes where !(1...lines).contains(mistake.line) || mistake.message.isEmpty {
        Issue.record("round \(round): \(mistake) in a file of \(lines) lines")
      }
    }
    #expect(loaded > 0 && loaded < Self.mutations, "\(loaded) of \(Self.mutations) loaded")
  }

  // The validator against brute force: rules over a small world in which every scope can be tried.

  private static let regions = ["37", "3706", "370602"]
  private static let sizes: [SizeBand] = [.micro, .small, .medium]

  /// Edges are even, so that whatever lies between two of them contains an odd number; the samples reach one beyond them.
  private static func rule(_ index: Int, _ random: inout SeededGenerator) -> PolicyRule {
    var conditions: [(attribute: PolicyAttribute, condition: PolicyCondition)] = []
    if Bool.random(using: &random) {
      let chosen = sizes.filter { _ in Bool.random(using: &random) }.map(\.rawValue)
      conditions.append((.size, .choice(chosen.isEmpty ? ["micro"] : chosen)))
    }
    if Bool.random(using: &random) { conditions.append((.agricultural, .flag(Bool.random(using: &random)))) }
    if Bool.random(using: &random) {
      func edge(_ value: Int64) -> PolicyEdge { PolicyEdge(value: value * 2, inclusive: Bool.random(using: &random)) }
      let low = Int64.random(in: 0...3, using: &random)
      let range = PolicyRange(
        lower: Bool.random(using: &random) ? edge(low) : nil, upper: edge(low + Int64.random(in: 0...2, using: &random))
      )
      if !range.isEmpty { conditions.append((.guaranteeTotal, .money(range, .cny))) }
    }
    let first = Int32.random(in: 0...4, using: &random)
    return PolicyRule(
      parameter: "claim_rate.cap", value: .rate(Rate(ppm: Int64(index))), inclusive: true, direction: .atMost,
      window: PolicyWindow(
        from: try? BusinessDate(dayNumber: first),
        to: try? BusinessDate(dayNumber: first + Int32.random(in: 0...3, using: &random))),
      region: regions.randomElement(using: &random) ?? "37", product: Bool.random(using: &random) ? "guarantee" : nil,
      conditions: conditions,
      citation: PolicyCitation(ruleID: "p.r\(index)", document: "d", article: "a", quote: ""), line: index)
  }

  private static let scopes: [PolicyScope] = regions.flatMap { region in
    ["guarantee", nil].flatMap { product in
      sizes.flatMap { size in
        [true, false].flatMap { farm in
          (-1...11).map { total in
            PolicyScope(
              region: region, product: product,
              attributes: PolicyAttributes(size: size, agricultural: farm, guaranteeTotal: Money(total, .cny)))
          }
        }
      }
    }
  }

  private static func canBothHold(_ left: PolicyRule, _ right: PolicyRule) throws -> Bool {
    guard left.specificity == right.specificity else { return false }
    for number in Int32(0)...8 {
      let date = try BusinessDate(dayNumber: number)
      guard left.window.contains(date), right.window.contains(date) else { continue }
      for scope in scopes {
        if case .holds = try left.match(scope, on: date), case .holds = try right.match(scope, on: date) { return true }
      }
    }
    return false
  }

  @Test func `two rules are refused exactly when some scope on some day satisfies both`() throws {
    var random = SeededGenerator(seed: 7)
    var clashes = 0
    for _ in 0..<Self.worlds {
      let (left, right) = (Self.rule(1, &random), Self.rule(2, &random))
      let expected = try Self.canBothHold(left, right)
      if expected { clashes += 1 }
      #expect(left.clashes(with: right) == expected, "\(left) \(right)")
      #expect(right.clashes(with: left) == expected)
    }
    #expect(clashes > 0, "the generator makes clashes: \(clashes)")
  }

  @Test func `a book without clashes answers with the most specific rule, whatever the order`() throws {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<Self.worlds {
      var rules: [PolicyRule] = []
      for index in 0..<8 {
        let candidate = Self.rule(index, &random)
        if !rules.contains(where: { $0.clashes(with: candidate) }) { rules.append(candidate) }
      }
      func book(_ rules: [PolicyRule]) -> PolicyBook {
        PolicyBook(
          packs: [
            PolicyPack(
              id: "p", level: .city, title: "", document: "d", window: PolicyWindow(), region: "37", rules: rules)
          ], digest: "")
      }
      let (forward, backward) = (book(rules), book(rules.reversed()))
      for _ in 0..<16 {
        guard let scope = Self.scopes.randomElement(using: &random) else { continue }
        let date = try BusinessDate(dayNumber: Int32.random(in: 0...8, using: &random))
        let best = try rules.filter { if case .holds = try $0.match(scope, on: date) { true } else { false } }
          .max { $0.specificity < $1.specificity }
        for book in [forward, backward] {
          let answer = try book.parameterIfStated("claim_rate.cap", as: .rate, scope: scope, on: date)
          #expect(answer?.citation.ruleID == best?.citation.ruleID)
        }
      }
    }
  }
}

@Suite struct VocabularyTests {
  @Test func `every parameter has one name, a meaning that is a sentence, and the words of its family`() {
    let names = PolicyVocabulary.parameters.map(\.name)
    #expect(Set(names).count == names.count)
    for parameter in PolicyVocabulary.parameters {
      #expect(PackParser.isIdentifier(parameter.name))
      #expect(parameter.meaning.hasSuffix("."), "\(parameter.name)")
      #expect(!parameter.kind.units.isEmpty)
      let threshold = parameter.name.hasSuffix(".cap") || parameter.name.hasSuffix(".floor")
      if threshold, parameter.kind != .rate || parameter.name != "product.rate.floor" {
        #expect(parameter.direction != nil, "\(parameter.name) is a threshold")
      }
    }
  }

  @Test func `every parameter is used by a shipped pack or filled in by a city`() throws {
    var used: Set<String> = []
    for name in try PackFiles.names() {
      for pack in try PolicyBook.load([PackFiles.source(name)], hash: PackFiles.fingerprint).packs {
        used.formUnion(pack.rules.map(\.parameter))
      }
    }
    #expect(PolicyVocabulary.parameters.map(\.name).filter { !used.contains($0) } == [])
  }

  @Test func `the handbook lists every parameter with its unit`() throws {
    let page = try PackFiles.page("docs/policy-packs.md")
    for parameter in PolicyVocabulary.parameters {
      let threshold = parameter.direction.map { $0 == .atMost ? "cap" : "floor" } ?? ""
      let row = "| `\(parameter.name)` | \(parameter.kind.units[0]) | \(threshold) | \(parameter.meaning) |"
      #expect(page.contains(row), "\(row)")
    }
  }

  @Test func `the handbook lists every shipped pack`() throws {
    let page = try PackFiles.page("docs/policy-packs.md")
    for name in try PackFiles.names() { #expect(page.contains("`\(name)`"), "\(name)") }
  }
}
