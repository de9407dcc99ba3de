import Foundation
import Kernel
import Testing

@testable import RPCEdge

@Suite("Filters")
struct FilterTests {
  static let fields: FilterFields = [
    "state": .enumeration(["OPEN", "CLAIMED"]), "amount.minor_units": .integer, "region": .text, "due": .date,
    "first_loan": .boolean,
  ]

  /// The tree with every group in parentheses.
  private func shape(_ expression: FilterExpression?) -> String {
    switch expression {
    case nil: "-"
    case .comparison(let c): "\(c.field)\(c.comparator.rawValue)\(shape(c.value))"
    case .not(let inner): "NOT \(shape(inner))"
    case .and(let all): "(\(all.map(shape).joined(separator: " AND ")))"
    case .or(let any): "(\(any.map(shape).joined(separator: " OR ")))"
    }
  }

  private func shape(_ value: FilterValue) -> String {
    switch value {
    case .text(let text): "\"\(text)\""
    case .word(let word): word
    case .integer(let integer): "\(integer)"
    }
  }

  @Test(
    "what parses, and how",
    arguments: [
      ("", "-"), ("  \t\n", "-"), ("state = OPEN", "state=OPEN"), ("state=OPEN", "state=OPEN"),
      ("amount.minor_units>=-5", "amount.minor_units>=-5"), ("region != \"3703\"", "region!=\"3703\""),
      ("region = 0370", "region=\"0370\""), ("region:淄博", "region:\"淄博\""),
      ("region = 'a\\'b\\\\'", "region=\"a'b\\\""),
      ("due < 2026-03-01", "due<\"2026-03-01\""), ("due < \"2026-03-01\"", "due<\"2026-03-01\""),
      ("first_loan = true", "first_loan=1"), ("NOT first_loan = false", "NOT first_loan=0"),
      ("-state = OPEN", "NOT state=OPEN"),
      ("state = OPEN AND region = a OR region = b", "(state=OPEN AND (region=\"a\" OR region=\"b\"))"),
      ("(state = OPEN AND region = a) OR region = b", "((state=OPEN AND region=\"a\") OR region=\"b\")"),
      ("NOT (state = OPEN OR state = CLAIMED)", "NOT (state=OPEN OR state=CLAIMED)"),
    ])
  func parses(filter: String, expected: String) throws {
    #expect(shape(try Self.fields.parse(filter)) == expected)
  }

  @Test(
    "what does not parse is refused, naming the column",
    arguments: [
      ("state", 6), ("state =", 8), ("= OPEN", 1), ("state = OPEN AND", 17), ("state = OPEN region = a", 14),
      ("(state = OPEN", 14),
      ("state = OPEN)", 13), ("state ! OPEN", 7), ("region = \"abc", 10), ("region = \"a\\n\"", 12),
      ("state = MAYBE", 9),
      ("colour = red", 1), ("state < OPEN", 1), ("amount.minor_units = abc", 22), ("due = 2026-02-30", 7),
      ("first_loan = 1", 14), ("amount.minor_units = 99999999999999999999", 22), ("STATE = OPEN", 1), ("a..b = 1", 1),
      ("state = OPEN and region = a", 14), ("state = AND", 9), ("state @ OPEN", 7), ("NOT", 4), ("()", 2),
      (String(repeating: "(", count: 17) + "state = OPEN" + String(repeating: ")", count: 17), 17),
      (String(repeating: "NOT ", count: 17) + "state = OPEN", 65), (String(repeating: " ", count: 4097), 1),
      (Array(repeating: "region = a", count: 65).joined(separator: " OR "), 897),
    ])
  func refused(filter: String, column: Int) {
    let error = #expect(throws: DomainError.self) { try Self.fields.parse(filter) }
    #expect(error?.reason == .invalidFilter)
    #expect(error?.field == "filter")
    #expect(error?.metadata["column"] == "\(column)", "\(error?.message ?? "")")
  }

  @Test("mutated filters parse or are refused, and never trap")
  func mutated() throws {
    // A million in optimised builds, where it takes seconds; enough in debug to notice a trap.
    let rounds = ProcessInfo.processInfo.environment["HUIRONG_TEST_FUZZ"].flatMap(Int.init) ?? 20_000
    let seeds = [
      "state = OPEN AND (region = \"3703\" OR NOT due >= 2026-01-01)", "-amount.minor_units < -9223372036854775808",
      "region:淄博 AND region != 'a\\'b' OR first_loan = true", "((((state=OPEN))))",
    ].map { Array($0.unicodeScalars) }
    let pieces = Array("()=!<>:\"'\\-.+*/~ ANDORT0129azé惠\u{0}\u{301}\u{10FFFF}\n".unicodeScalars)
    var generator = SplitMix(seed: 20_260_101)
    var parsed = 0
    for _ in 0..<rounds {
      var scalars = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0...scalars.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: scalars.insert(pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: at)
        case 1 where at < scalars.count: scalars.remove(at: at)
        case 2 where at < scalars.count: scalars[at] = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
        default: scalars.insert(contentsOf: scalars.prefix(at), at: at)
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      do throws(DomainError) {
        if try Self.fields.parse(String(text)) != nil { parsed += 1 }
      } catch {
        #expect(error.reason == .invalidFilter)
      }
    }
    #expect(parsed > 0)
  }
}
