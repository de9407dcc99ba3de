import Kernel
import Yams

/// Turns the YAML of one pack into rules, collecting every mistake of form. What rules mean together (overlaps, gaps) is
/// `PackValidator`'s.
struct PackParser {
  /// A quote is at most a clause: a document is cited, not copied.
  static let maximumQuoteCharacters = 60
  static let maximumNoteCharacters = 300
  static let maximumTitleCharacters = 120

  var mistakes: PackMistakes
  var region = ""
  var window = PolicyWindow()
  var packID = ""
  var document = ""
  var products = PolicyVocabulary.commonProducts
  /// Region the pack is adopted for instead of its own.
  let adoptedFor: String?

  init(file: String, adoptedFor: String?) {
    mistakes = PackMistakes(file: file)
    self.adoptedFor = adoptedFor
  }

  mutating func pack(_ root: Node) -> PolicyPack? {
    guard var fields = PackFields(root, what: "a pack", into: &mistakes) else { return nil }
    packID = fields.required("pack", into: &mistakes).flatMap { identifier($0, "pack") } ?? ""
    let title = fields.requiredText("title", into: &mistakes) ?? ""
    if title.count > Self.maximumTitleCharacters { mistakes.add(line: fields.line, "the title is too long") }
    document = fields.requiredText("document", into: &mistakes) ?? ""
    _ = fields.date("issued", into: &mistakes)
    if let node = fields.required("in_force", into: &mistakes) { window = inForce(node) }
    if let node = fields.node("region") { region = regionPrefix(node) ?? "" }
    let level = fields.node("level").flatMap { packLevel($0) } ?? Self.level(ofRegion: region)
    if let adoptedFor { region = adoptedFor }
    if let node = fields.node("products") { declareProducts(node) }
    let list = fields.required("rules", into: &mistakes).flatMap { PackScalar.list($0, "rules", into: &mistakes) }
    fields.refuseUnknownKeys("a pack", into: &mistakes)

    var rules: [PolicyRule] = []
    var lines: [String: Int] = [:]
    for node in list ?? [] {
      guard let rule = rule(node) else { continue }
      if let earlier = lines.updateValue(rule.line, forKey: rule.citation.ruleID) {
        mistakes.add(line: rule.line, "rule \(rule.citation.ruleID) is already defined in line \(earlier)")
      }
      rules.append(rule)
    }
    return PolicyPack(
      id: packID, level: level, title: title, document: document, window: window, region: region, rules: rules)
  }

  private mutating func packLevel(_ node: Node) -> PolicyLevel? {
    guard let word = PackScalar.text(node, "level", into: &mistakes) else { return nil }
    if let level = PolicyLevel(rawValue: word) { return level }
    let known = PolicyLevel.allCases.map(\.rawValue).joined(separator: ", ")
    mistakes.add(node, "level must be one of \(known), not \"\(word.prefix(32))\"")
    return nil
  }

  /// The level of the authority that governs so long a region prefix.
  private static func level(ofRegion region: String) -> PolicyLevel {
    switch region.utf8.count {
    case 0: .nation
    case 2: .province
    case 4: .city
    default: .county
    }
  }

  private mutating func inForce(_ node: Node) -> PolicyWindow {
    guard var fields = PackFields(node, what: "\"in_force\"", into: &mistakes) else { return PolicyWindow() }
    let window = PolicyWindow(from: end("from", of: &fields), to: end("to", of: &fields))
    fields.refuseUnknownKeys("\"in_force\"", into: &mistakes)
    return ordered(window, line: fields.line)
  }

  /// A date or the word `open`; saying nothing is a mistake, because "no end" must be meant.
  private mutating func end(_ key: String, of fields: inout PackFields) -> BusinessDate? {
    guard let node = fields.required(key, into: &mistakes) else { return nil }
    if node.scalar?.string == "open" { return nil }
    return PackScalar.date(node, key, into: &mistakes)
  }

  private mutating func ordered(_ window: PolicyWindow, line: Int) -> PolicyWindow {
    if let from = window.from, let to = window.to, to < from {
      mistakes.add(line: line, "the window ends on \(to), before it begins on \(from)")
    }
    return window
  }

  private mutating func declareProducts(_ node: Node) {
    guard var fields = PackFields(node, what: "\"products\"", into: &mistakes) else { return }
    for (name, value) in fields.entries(into: &mistakes) {
      if !Self.isIdentifier(name) { mistakes.add(value, "product \"\(name.prefix(64))\" is no identifier") }
      _ = PackScalar.text(value, name, into: &mistakes)
      if !products.insert(name).inserted { mistakes.add(value, "product \"\(name)\" is already known") }
    }
  }

  /// 0 to 12 digits: a GB/T 2260 prefix.
  mutating func regionPrefix(_ node: Node) -> String? {
    guard let text = PackScalar.text(node, "region", into: &mistakes) else { return nil }
    guard Self.isRegion(text) else {
      mistakes.add(node, "region \"\(text.prefix(16))\" must be 2, 4, 6, 9 or 12 digits")
      return nil
    }
    return text
  }

  mutating func identifier(_ node: Node, _ key: String) -> String? {
    guard let text = PackScalar.text(node, key, into: &mistakes) else { return nil }
    guard Self.isIdentifier(text) else {
      mistakes.add(node, "\"\(key)\" must be lower-case letters, digits, '.', '_' or '-', not \"\(text.prefix(64))\"")
      return nil
    }
    return text
  }

  static func isIdentifier(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case 48...57, 97...122, 45, 46, 95: true
        default: false
        }
      }
  }

  static func isRegion(_ text: String) -> Bool {
    [2, 4, 6, 9, 12].contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}

extension PackParser {
  private mutating func rule(_ node: Node) -> PolicyRule? {
    guard var fields = PackFields(node, what: "a rule", into: &mistakes) else { return nil }
    let id = fields.required("id", into: &mistakes).flatMap { identifier($0, "id") }
    let parameter = fields.required("parameter", into: &mistakes).flatMap { known($0) }
    if parameter == nil { fields.excuse("value", "unit", "inclusive") }
    let value = parameter.flatMap { ruleValue(of: $0, &fields) }
    let inclusive = parameter.flatMap { ruleInclusive(of: $0, value: value, &fields) }
    let window = ruleWindow(&fields)
    let scope = ruleScope(&fields)
    let citation = source(&fields, id: id ?? "")
    if let note = fields.text("note", into: &mistakes), note.count > Self.maximumNoteCharacters {
      mistakes.add(line: fields.line, "the note is longer than \(Self.maximumNoteCharacters) characters")
    }
    fields.refuseUnknownKeys("a rule", into: &mistakes)
    guard id != nil, let parameter, let value, let inclusive, let citation else { return nil }
    return PolicyRule(
      parameter: parameter.name, value: value, inclusive: inclusive, direction: parameter.direction, window: window,
      region: scope.region, product: scope.product, conditions: scope.conditions, citation: citation,
      line: fields.line)
  }

  private mutating func known(_ node: Node) -> PolicyParameter? {
    guard let name = PackScalar.text(node, "parameter", into: &mistakes) else { return nil }
    if let parameter = PolicyVocabulary.byName[name] { return parameter }
    mistakes.add(node, "parameter \"\(name.prefix(64))\" is not in the vocabulary")
    return nil
  }

  /// A threshold says whether it belongs to what it allows; nothing else may.
  private mutating func ruleInclusive(
    of parameter: PolicyParameter, value: PolicyDatum?, _ fields: inout PackFields
  ) -> Bool? {
    let node = fields.node("inclusive")
    let isThreshold = parameter.direction != nil && value != .notStated
    switch (node, isThreshold) {
    case (let node?, true): return PackScalar.boolean(node, "inclusive", into: &mistakes)
    case (nil, false): return true
    case (let node?, false):
      mistakes.add(node, "\"inclusive\" has no meaning here: \(parameter.name) is no threshold, or is not stated")
      return nil
    case (nil, true):
      mistakes.add(line: fields.line, "key \"inclusive\" is missing: \(parameter.name) is a threshold")
      return nil
    }
  }

  /// The pack's window unless the rule narrows it; `standing: true` says that the document reports the value as the one
  /// before and after its own window.
  private mutating func ruleWindow(_ fields: inout PackFields) -> PolicyWindow {
    let from = fields.date("effective_from", into: &mistakes)
    let to = fields.date("effective_to", into: &mistakes)
    let standing = fields.boolean("standing", into: &mistakes) ?? false
    let base = standing ? PolicyWindow() : window
    let own = ordered(PolicyWindow(from: from ?? base.from, to: to ?? base.to), line: fields.line)
    if !standing, !window.encloses(own) {
      mistakes.add(line: fields.line, "the rule's window leaves the pack's; say \"standing: true\" if that is meant")
    }
    return own
  }

  private mutating func source(_ fields: inout PackFields, id: String) -> PolicyCitation? {
    guard let node = fields.required("source", into: &mistakes),
      var source = PackFields(node, what: "\"source\"", into: &mistakes)
    else { return nil }
    let named = source.text("document", into: &mistakes)
    let article = source.requiredText("article", into: &mistakes)
    let quote = source.text("quote", into: &mistakes) ?? ""
    source.refuseUnknownKeys("\"source\"", into: &mistakes)
    if quote.count > Self.maximumQuoteCharacters || quote.contains(where: { "。；;\n".contains($0) }) {
      mistakes.add(
        line: source.line,
        "the quote must be at most a clause: \(Self.maximumQuoteCharacters) characters without 。 or ；")
    }
    guard let article else { return nil }
    return PolicyCitation(ruleID: "\(packID).\(id)", document: named ?? document, article: article, quote: quote)
  }
}
