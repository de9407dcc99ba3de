import Foundation
import Testing

@testable import Policy

/// A small valid pack whose lines the mistakes below replace. Line numbers are part of what is tested.
enum Sample {
  static let lines = [
    "pack: sample",  // 1
    "title: A sample",
    "document: 样〔2023〕1号",
    "in_force: {from: 2023-01-01, to: 2023-12-31}",  // 4
    "region: \"3706\"",
    "products: {special: A special product}",
    "rules:",  // 7
    "  - id: fee.small",  // 8
    "    parameter: guarantee_fee.cap",
    "    value: 10_000",  // 10
    "    unit: ppm",
    "    inclusive: true",
    "    scope: {size: [micro, small], guarantee_total: {at_most: 5_000_000.00}}",  // 13
    "    source: {article: 一, quote: 不超过 1%}",
    "  - id: fee.large",  // 15
    "    parameter: guarantee_fee.cap",
    "    value: 15_000",
    "    unit: ppm",
    "    inclusive: true",
    "    scope: {size: [micro, small], guarantee_total: {more_than: 5_000_000.00}}",  // 20
    "    source: {article: 一}",
    "  - id: tiers",  // 22
    "    parameter: bridge_fee.tiers",
    "    value:",
    "      - {at_least: 1, at_most: 5, value: 200}",  // 25
    "      - {more_than: 5, value: 400}",
    "    unit: count -> ppm_per_day",
    "    source: {article: 二}",
    "  - id: holidays",  // 29
    "    parameter: calendar.holidays",
    "    value: [2023-01-02, 2023-01-23]",
    "    unit: dates",
    "    source: {article: 三}",
    "  - id: quiet",  // 34
    "    parameter: bridge_loan.days.cap",
    "    value: not_stated",
    "    source: {article: 四}",
  ]

  static var yaml: String { lines.joined(separator: "\n") + "\n" }

  /// The sample with one line replaced by others; an empty list deletes it.
  static func replacing(_ line: Int, with replacement: [String]) -> String {
    (lines[..<(line - 1)] + replacement + lines[line...]).joined(separator: "\n") + "\n"
  }

  static func mistakes(_ yaml: String) -> [PolicyLoadError.Mistake] {
    do {
      _ = try PolicyBook.load([PolicySource(name: "sample.yaml", yaml: yaml)], hash: PackFiles.fingerprint)
      return []
    } catch {
      return error.mistakes
    }
  }
}

@Suite struct LoadingMistakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// Line of the sample that is replaced.
    var line: Int
    var with: [String]
    /// Line the mistake must name.
    var at: Int
    var says: String
    var testDescription: String { "line \(line) becomes \(with)" }

    init(_ line: Int, _ with: String..., at: Int? = nil, says: String) {
      self.line = line
      self.with = with
      self.at = at ?? line
      self.says = says
    }
  }

  static let head: [Case] = [
    Case(1, at: 1, says: "\"pack\" is missing"),
    Case(1, "pack: Sample Pack", says: "lower-case"),
    Case(1, "pack: [a]", says: "single value"),
    Case(1, "pack:", says: "is empty"),
    Case(1, "pack: sample", "pack: sample", at: 1, says: "given twice"),
    Case(1, "pack: sample", "colour: red", at: 2, says: "unknown key \"colour\""),
    Case(2, at: 1, says: "\"title\" is missing"),
    Case(2, "title: " + String(repeating: "长", count: 121), at: 1, says: "title is too long"),
    Case(3, at: 1, says: "\"document\" is missing"),
    Case(4, at: 1, says: "\"in_force\" is missing"),
    Case(4, "in_force: 2023", says: "must be a mapping"),
    Case(4, "in_force: {from: 2023-01-01}", says: "\"to\" is missing"),
    Case(4, "in_force: {from: 2023-02-29, to: open}", says: "no such date"),
    Case(4, "in_force: {from: 2023/01/01, to: open}", says: "not yyyy-mm-dd"),
    Case(4, "in_force: {from: 2023-12-31, to: 2023-01-01}", says: "ends on 2023-01-01, before it begins"),
    Case(4, "in_force: {from: 2023-01-01, to: open, until: open}", says: "unknown key \"until\""),
    Case(4, "issued: 2023-1-1", "in_force: {from: 2023-01-01, to: open}", says: "not yyyy-mm-dd"),
    Case(5, "region: 山东", says: "must be 2, 4, 6, 9 or 12 digits"),
    Case(5, "region: \"370\"", says: "must be 2, 4, 6, 9 or 12 digits"),
    Case(5, "level: village", says: "level must be one of"),
    Case(6, "products: {guarantee: A guarantee}", says: "already known"),
    Case(6, "products: {Special: x}", says: "is no identifier"),
    Case(6, "products: [special]", says: "must be a mapping"),
    Case(7, "rules: {}", "other:", at: 7, says: "must be a list"),
    Case(7, "more: []", "rules:", at: 7, says: "unknown key \"more\""),
  ]

  static let rules: [Case] = [
    Case(8, "  - name: fee.small", says: "\"id\" is missing"),
    Case(8, "  - id: Fee small", says: "lower-case"),
    Case(15, "  - id: fee.small", says: "already defined in line 8"),
    Case(9, at: 8, says: "\"parameter\" is missing"),
    Case(9, "    parameter: guarantee_fee.cup", says: "not in the vocabulary"),
    Case(10, at: 8, says: "\"value\" is missing"),
    Case(10, "    value: 1%", says: "whole number"),
    Case(10, "    value: 0.01", says: "whole number"),
    Case(10, "    value: 99999999999999999999", says: "whole number"),
    Case(10, "    value: _1", says: "whole number"),
    Case(10, "    value: [1]", says: "single value"),
    Case(10, "    value: ten", says: "whole number"),
    Case(11, at: 8, says: "\"unit\" is missing: ppm"),
    Case(11, "    unit: percent", says: "must be ppm"),
    Case(11, "    unit: CNY", says: "must be ppm"),
    Case(11, "    unit: ppm_per_day", says: "must be ppm"),
    Case(12, at: 8, says: "\"inclusive\" is missing"),
    Case(12, "    inclusive: yes", says: "true or false"),
    Case(12, "    inclusive: true", "    exclusive: true", at: 13, says: "unknown key \"exclusive\""),
    Case(12, "    inclusive: true", "    effective_from: 2022-12-31", at: 8, says: "leaves the pack's"),
    Case(12, "    inclusive: true", "    effective_to: 2024-01-01", at: 8, says: "leaves the pack's"),
    Case(12, "    inclusive: true", "    effective_from: 2023-06-31", at: 13, says: "no such date"),
    Case(
      12, "    inclusive: true", "    effective_from: 2023-07-01", "    effective_to: 2023-06-01", at: 8,
      says: "before it begins"),
    Case(12, "    inclusive: true", "    standing: perhaps", at: 13, says: "true or false"),
    Case(
      12, "    inclusive: true", "    note: " + String(repeating: "长", count: 301), at: 8, says: "note is longer"),
    Case(14, at: 8, says: "\"source\" is missing"),
    Case(14, "    source: 一", says: "must be a mapping"),
    Case(14, "    source: {quote: 不超过 1%}", says: "\"article\" is missing"),
    Case(14, "    source: {article: 一, page: 3}", says: "unknown key \"page\""),
    Case(14, "    source: {article: 一, quote: " + String(repeating: "长", count: 61) + "}", says: "at most a clause"),
    Case(14, "    source: {article: 一, quote: 不超过 1%；另行规定}", says: "at most a clause"),
    Case(14, "    source: {article: 一, quote: 不超过。}", says: "at most a clause"),
    Case(36, "    value: not_stated", "    inclusive: true", at: 37, says: "no meaning here"),
    Case(31, "    value: [2023-01-02]", "    inclusive: true", at: 32, says: "no meaning here"),
    Case(36, "    value: 10", "    unit: days", "    inclusive: true", at: 37, says: "calendar_days or working_days"),
    Case(36, "    value: -1", "    unit: calendar_days", "    inclusive: true", at: 36, says: "not be negative"),
  ]

  static let scopes: [Case] = [
    Case(13, "    scope: {size: tiny}", says: "not_a_firm, micro"),
    Case(13, "    scope: {size: [micro, micro]}", says: "twice"),
    Case(13, "    scope: {size: []}", says: "empty list"),
    Case(13, "    scope: {colour: red}", says: "unknown scope \"colour\""),
    Case(13, "    scope: {grade: C}", says: "unknown scope \"grade\""),
    Case(13, "    scope: {grade_at_least: E}", says: "is no grade"),
    Case(13, "    scope: {agricultural: 1}", says: "true or false"),
    Case(13, "    scope: {product: bridge_lone}", says: "neither common nor declared"),
    Case(13, "    scope: {region: \"3703\"}", says: "outside the pack's region"),
    Case(13, "    scope: {guarantee_total: 5_000_000.00}", says: "must be a mapping"),
    Case(13, "    scope: {guarantee_total: {}}", says: "a range needs"),
    Case(13, "    scope: {guarantee_total: {at_most: 5.001}}", says: "at most two decimals"),
    Case(13, "    scope: {guarantee_total: {at_most: 5, less_than: 6}}", says: "not both"),
    Case(13, "    scope: {guarantee_total: {more_than: 5, at_most: 5}}", says: "range is empty"),
    Case(13, "    scope: {guarantee_total: {at_least: 6, at_most: 5}}", says: "range is empty"),
    Case(13, "    scope: {guarantee_total: {up_to: 5}}", says: "a range needs"),
    Case(13, "    scope: [size]", says: "must be a mapping"),
    // Overlap: both caps hold at exactly five million.
    Case(
      20, "    scope: {size: small, guarantee_total: {at_least: 5_000_000.00}}", at: 15,
      says: "overlaps rule sample.fee.small"),
    Case(
      20, "    scope: {agricultural: true, guarantee_total: {at_most: 1.00}}", at: 15,
      says: "overlaps rule sample.fee.small"),
    // Gap: nothing holds between five and six million.
    Case(
      20, "    scope: {size: [micro, small], guarantee_total: {more_than: 6_000_000.00}}", at: 15,
      says: "gap in guarantee_total"),
  ]

  static let values: [Case] = [
    Case(25, "      - {at_least: 1, at_most: 4, value: 200}", at: 26, says: "bands must adjoin"),
    Case(25, "      - {at_least: 1, at_most: 6, value: 200}", at: 26, says: "bands must adjoin"),
    Case(26, "      - {at_least: 5, value: 400}", says: "bands must adjoin"),
    Case(26, "      - {more_than: 5}", says: "\"value\" is missing"),
    Case(26, "      - {value: 400}", says: "a range needs"),
    Case(26, "      - {more_than: five, value: 400}", says: "whole number"),
    Case(26, "      - {more_than: 5, value: 400, colour: red}", says: "unknown key \"colour\""),
    Case(26, "      - 400", says: "must be a mapping"),
    Case(27, "    unit: count -> ppm", says: "count -> ppm_per_day"),
    Case(31, "    value: []", says: "empty list"),
    Case(31, "    value: 2023-01-02", says: "must be a list"),
    Case(31, "    value: [2023-01-23, 2023-01-02]", says: "must ascend"),
    Case(31, "    value: [2023-01-02, 2023-01-02]", says: "must ascend"),
  ]

  static let yaml: [Case] = [
    Case(10, "    value: *ten", says: "anchors and aliases"),
    Case(10, "    value: &ten 10", says: "anchors and aliases"),
    Case(10, "    value: [[[[[[[[[[[[[1]]]]]]]]]]]]]", says: "nested deeper"),
    Case(10, "\tvalue: 1", says: "not YAML"),
    Case(10, "    value: \"open", at: 38, says: "not YAML"),
    Case(10, "   value: 1", says: "not YAML"),
    Case(7, "---", "rules:", at: 7, says: "not YAML"),
    Case(37, "    source: {article: 四", at: 38, says: "not YAML"),
  ]

  @Test func `the sample itself is valid`() { #expect(Sample.mistakes(Sample.yaml) == []) }

  @Test(arguments: head + rules + scopes + values + yaml)
  func `a mistake is named with file, line and what is wrong`(sample: Case) {
    let found = Sample.mistakes(Sample.replacing(sample.line, with: sample.with))
    #expect(
      found.contains { $0.file == "sample.yaml" && $0.line == sample.at && $0.message.contains(sample.says) },
      "\(found)")
    #expect(found.allSatisfy { "\($0)".hasPrefix("sample.yaml:\($0.line): ") })
  }

  @Test(arguments: ["", "# only a comment\n", "[]", "text", "- a\n- b\n", "---\n", "\u{0}", "a: b\u{7}c\n"])
  func `a file that is no pack is refused`(text: String) { #expect(!Sample.mistakes(text).isEmpty) }

  @Test func `a file beyond the size limit is refused before it is parsed`() {
    let large = Sample.yaml + "#" + String(repeating: "x", count: PackDocument.maximumBytes)
    #expect(Sample.mistakes(large).first?.message.contains("larger than") == true)
  }

  @Test func `every mistake of every pack is reported at once`() {
    let broken = Sample.replacing(11, with: ["    unit: percent"])
      .replacingOccurrences(of: "calendar.holidays", with: "calendar.holydays")
    do {
      _ = try PolicyBook.load(
        [PolicySource(name: "a.yaml", yaml: broken), PolicySource(name: "b.yaml", yaml: "pack: b\n")],
        hash: PackFiles.fingerprint)
      Issue.record("loaded")
    } catch {
      #expect(error.mistakes.map(\.file).first == "a.yaml")
      #expect(error.mistakes.filter { $0.file == "a.yaml" }.map(\.line) == [11, 30])
      #expect(error.mistakes.contains { $0.file == "b.yaml" })
      #expect("\(error)".split(separator: "\n").count == error.mistakes.count)
    }
  }

  @Test func `a pack listed twice is refused`() {
    let source = PolicySource(name: "sample.yaml", yaml: Sample.yaml)
    #expect(throws: PolicyLoadError.self) { try PolicyBook.load([source, source], hash: PackFiles.fingerprint) }
  }

  @Test func `days that no rate covers are a gap in time`() {
    let found = Sample.mistakes(
      """
      pack: rates
      title: Rates
      document: d
      in_force: {from: 2023-01-01, to: open}
      rules:
        - {id: a, parameter: lpr.one_year, value: 36_500, unit: ppm, effective_to: 2023-06-18, source: {article: a}}
        - {id: b, parameter: lpr.one_year, value: 35_500, unit: ppm, effective_from: 2023-06-20, source: {article: b}}
      """)
    #expect(found.map(\.line) == [7])
    #expect(found.first?.message.contains("gap in time") == true)
  }
}
