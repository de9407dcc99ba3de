import Kernel
import Yams

struct PackScope {
  var region: String
  var product: String?
  var conditions: [(attribute: PolicyAttribute, condition: PolicyCondition)] = []
}

extension PackParser {
  mutating func ruleScope(_ fields: inout PackFields) -> PackScope {
    var scope = PackScope(region: region)
    guard let node = fields.node("scope"), var entries = PackFields(node, what: "\"scope\"", into: &mistakes) else {
      return scope
    }
    for (key, value) in entries.entries(into: &mistakes) {
      switch key {
      case "region":
        guard let prefix = regionPrefix(value) else { continue }
        if adoptedFor != nil {
          continue
        } else if prefix.hasPrefix(region) {
          scope.region = prefix
        } else {
          mistakes.add(value, "region \(prefix) lies outside the pack's region \(region)")
        }
      case "product": scope.product = product(value)
      default:
        if let condition = condition(key, value) { scope.conditions.append(condition) }
      }
    }
    let attributes = scope.conditions.map(\.attribute)
    if Set(attributes).count < attributes.count { mistakes.add(node, "the scope names an attribute twice") }
    return scope
  }

  private mutating func product(_ node: Node) -> String? {
    guard let name = PackScalar.text(node, "product", into: &mistakes) else { return nil }
    if products.contains(name) { return name }
    mistakes.add(node, "product \"\(name.prefix(64))\" is neither common nor declared under \"products\"")
    return nil
  }

  private mutating func condition(
    _ key: String, _ node: Node
  ) -> (attribute: PolicyAttribute, condition: PolicyCondition)? {
    if key == "grade_at_least" {
      return PackScalar.grade(node, key, into: &mistakes).map { (.grade, .gradeAtLeast($0)) }
    }
    guard let attribute = PolicyAttribute(rawValue: key), attribute.form != .grade else {
      mistakes.add(node, "unknown scope \"\(key.prefix(64))\"")
      return nil
    }
    switch attribute.form {
    case .flag: return PackScalar.boolean(node, key, into: &mistakes).map { (attribute, .flag($0)) }
    case .choice(let words): return choice(node, key, words).map { (attribute, .choice($0)) }
    case .money:
      return range(node, key, .money).map { (attribute, .money($0, .cny)) }
    case .grade: return nil
    }
  }

  private mutating func choice(_ node: Node, _ key: String, _ words: [String]) -> [String]? {
    let nodes: [Node]
    if case .sequence(let sequence) = node { nodes = Array(sequence) } else { nodes = [node] }
    if nodes.isEmpty { mistakes.add(node, "\"\(key)\" is an empty list") }
    var chosen: [String] = []
    for item in nodes {
      guard let word = PackScalar.text(item, key, into: &mistakes) else { continue }
      if !words.contains(word) {
        mistakes.add(item, "\"\(key)\" must be of \(words.joined(separator: ", ")), not \"\(word.prefix(32))\"")
      } else if chosen.contains(word) {
        mistakes.add(item, "\"\(key)\" names \(word) twice")
      } else {
        chosen.append(word)
      }
    }
    return chosen.isEmpty ? nil : chosen
  }

  /// `{at_least | more_than: …, at_most | less_than: …}`, at least one of them, one a side.
  mutating func range(_ node: Node, _ key: String, _ axis: PolicyKind.Axis) -> PolicyRange? {
    guard var fields = PackFields(node, what: "\"\(key)\"", into: &mistakes) else { return nil }
    let range = edges(&fields, axis)
    fields.refuseUnknownKeys("\"\(key)\"", into: &mistakes)
    return range
  }

  mutating func edges(_ fields: inout PackFields, _ axis: PolicyKind.Axis) -> PolicyRange? {
    func one(_ inclusive: String, _ exclusive: String, _ mistakes: inout PackMistakes) -> PolicyEdge? {
      let (with, without) = (fields.node(inclusive), fields.node(exclusive))
      if with != nil, let without { mistakes.add(without, "give \(inclusive) or \(exclusive), not both") }
      guard let node = with ?? without else { return nil }
      let number =
        axis == .money
        ? PackScalar.amount(node, inclusive, into: &mistakes) : PackScalar.integer(node, inclusive, into: &mistakes)
      return number.map { PolicyEdge(value: $0, inclusive: with != nil) }
    }
    let before = mistakes.all.count
    let range = PolicyRange(
      lower: one("at_least", "more_than", &mistakes), upper: one("at_most", "less_than", &mistakes))
    guard mistakes.all.count == before else { return nil }
    if range.lower == nil, range.upper == nil {
      mistakes.add(line: fields.line, "a range needs at_least, more_than, at_most or less_than")
      return nil
    }
    if range.isEmpty {
      mistakes.add(line: fields.line, "the range is empty")
      return nil
    }
    return range
  }
}
