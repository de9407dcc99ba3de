import Kernel
import Yams

extension PackParser {
  /// The value in the unit the parameter demands.
  mutating func ruleValue(of parameter: PolicyParameter, _ fields: inout PackFields) -> PolicyDatum? {
    let unitNode = fields.node("unit")
    guard let node = fields.required("value", into: &mistakes) else { return nil }
    let unit = unitNode.flatMap { PackScalar.text($0, "unit", into: &mistakes) }
    let line = unitNode?.mark?.line ?? fields.line
    if let unit, !parameter.kind.units.contains(unit) {
      mistakes.add(
        line: line,
        "unit of \(parameter.name) must be \(parameter.kind.units.joined(separator: " or ")), not \"\(unit.prefix(32))\""
      )
      return nil
    }
    if node.scalar?.string == "not_stated" { return .notStated }
    guard let unit else {
      if unitNode == nil {
        mistakes.add(
          line: line, "key \"unit\" is missing: \(parameter.kind.units.joined(separator: " or "))")
      }
      return nil
    }
    if case .bands(let axis, let kind) = parameter.kind {
      return bands(node, axis, kind, unit: String(unit.split(separator: " ").last ?? ""))
    }
    return datum(node, parameter.kind, unit: unit)
  }

  private mutating func datum(_ node: Node, _ kind: PolicyKind, unit: String) -> PolicyDatum? {
    let key = "value"
    switch kind {
    case .rate: return PackScalar.integer(node, key, into: &mistakes).map { .rate(Rate(ppm: $0)) }
    case .ratePerDay: return PackScalar.integer(node, key, into: &mistakes).map { .ratePerDay(Rate(ppm: $0)) }
    case .money: return money(node, unit: unit)
    case .integer: return PackScalar.integer(node, key, into: &mistakes).map { .integer($0) }
    case .days: return days(node, unit: unit)
    case .months: return count(node).map { .months($0) }
    case .boolean: return PackScalar.boolean(node, key, into: &mistakes).map { .boolean($0) }
    case .text: return PackScalar.text(node, key, into: &mistakes).map { .text($0) }
    case .date: return PackScalar.date(node, key, into: &mistakes).map { .date($0) }
    case .grade: return PackScalar.grade(node, key, into: &mistakes).map { .grade($0) }
    case .texts: return texts(node)
    case .integers: return integers(node)
    case .dates: return dates(node)
    case .dayCount: return dayCount(node)
    case .bands: return nil
    }
  }

  private mutating func money(_ node: Node, unit: String) -> PolicyDatum? {
    guard let amount = PackScalar.amount(node, "value", into: &mistakes) else { return nil }
    do {
      return .money(Money(amount, try Currency(unit)))
    } catch {
      mistakes.add(node, error.message)
      return nil
    }
  }

  private mutating func days(_ node: Node, unit: String) -> PolicyDatum? {
    guard let number = count(node), let kind = PolicyDays.Kind(rawValue: unit) else { return nil }
    return .days(PolicyDays(count: number, kind: kind))
  }

  /// A number of days or months: not negative.
  private mutating func count(_ node: Node) -> Int64? {
    guard let number = PackScalar.integer(node, "value", into: &mistakes) else { return nil }
    if number >= 0 { return number }
    mistakes.add(node, "\"value\" must not be negative")
    return nil
  }

  private mutating func texts(_ node: Node) -> PolicyDatum? {
    guard let nodes = PackScalar.list(node, "value", into: &mistakes) else { return nil }
    var words: [String] = []
    for item in nodes {
      guard let word = PackScalar.text(item, "value", into: &mistakes) else { return nil }
      if words.contains(word) {
        mistakes.add(item, "\"\(word)\" is listed twice")
        return nil
      }
      words.append(word)
    }
    return .texts(words)
  }

  private mutating func integers(_ node: Node) -> PolicyDatum? {
    guard let nodes = PackScalar.list(node, "value", into: &mistakes) else { return nil }
    var numbers: [Int64] = []
    for item in nodes {
      guard let number = PackScalar.integer(item, "value", into: &mistakes) else { return nil }
      numbers.append(number)
    }
    return .integers(numbers)
  }

  private mutating func dates(_ node: Node) -> PolicyDatum? {
    guard let nodes = PackScalar.list(node, "value", into: &mistakes) else { return nil }
    var dates: [BusinessDate] = []
    for item in nodes {
      guard let date = PackScalar.date(item, "value", into: &mistakes) else { return nil }
      if let last = dates.last, date <= last {
        mistakes.add(item, "dates must ascend: \(date) follows \(last)")
        return nil
      }
      dates.append(date)
    }
    return .dates(dates)
  }

  private mutating func dayCount(_ node: Node) -> PolicyDatum? {
    guard let word = PackScalar.text(node, "value", into: &mistakes) else { return nil }
    if let convention = DayCount(rawValue: word) { return .dayCount(convention) }
    let known = DayCount.allCases.map(\.rawValue).joined(separator: ", ")
    mistakes.add(node, "day count must be one of \(known), not \"\(word.prefix(32))\"")
    return nil
  }

  private mutating func bands(
    _ node: Node, _ axis: PolicyKind.Axis, _ kind: PolicyKind, unit: String
  ) -> PolicyDatum? {
    guard let nodes = PackScalar.list(node, "value", into: &mistakes) else { return nil }
    var bands: [PolicyBands.Band] = []
    for item in nodes {
      guard var fields = PackFields(item, what: "a band", into: &mistakes) else { return nil }
      let range = edges(&fields, axis)
      let value = fields.required("value", into: &mistakes).flatMap { datum($0, kind, unit: unit) }
      fields.refuseUnknownKeys("a band", into: &mistakes)
      guard let range, let value else { return nil }
      if let previous = bands.last, !previous.range.meets(range) {
        mistakes.add(item, "bands must adjoin, lowest first: this one leaves a gap to the one before or overlaps it")
        return nil
      }
      bands.append(.init(range: range, value: value))
    }
    return .bands(PolicyBands(bands: bands))
  }
}
