/// The cheapest set of changes to a firm and its need under which an offer fits: least in class (see `ChangeClass`), then in
/// relative size. Changes are sought per attribute, not per condition, because one attribute may stand in several
/// conditions that pull in different directions.
package struct SmallestChange: Sendable {
  package struct Step: Hashable, Sendable {
    package let variable: Variable
    package let from: Variable.Value
    package let to: Variable.Value
  }

  /// Empty when nothing would do, or the search gave up before finding anything.
  package let steps: [Step]
  package let cost: Int64
  /// No combination of values satisfies the offer.
  package let unfixable: Bool
  /// The search was exhaustive, so nothing smaller exists.
  package let minimal: Bool

  /// Assignments tried before the search settles for the best it has: trees of published products need tens; this
  /// bounds what a hostile tree of 128 nodes costs to some tens of milliseconds.
  package static let budget = 20_000

  package static func search(_ offer: Offer, _ profile: Profile) -> SmallestChange {
    var formulas = offer.implied.map { Formula(.condition($0.condition)) }
    if let eligibility = offer.terms.eligibility { formulas.append(Formula(eligibility)) }
    var search = Search(Formula.gate(required: formulas.count, formulas), profile)
    search.run()
    guard let best = search.best else {
      return SmallestChange(steps: [], cost: .max, unfixable: !search.exhausted, minimal: !search.exhausted)
    }
    let steps = zip(search.variables, best).filter { !$0.1.isCurrent }.map { variable, candidate in
      Step(variable: variable, from: variable.value(in: profile), to: candidate.value)
    }
    return SmallestChange(steps: steps, cost: search.bestCost, unfixable: false, minimal: !search.exhausted)
  }
}

/// Depth-first search over the values that matter, cut off where the formula can no longer hold or the cost no longer win.
private struct Search {
  struct Candidate {
    var value: Variable.Value
    var cost: Int64
    var isCurrent: Bool
  }

  let formula: Formula
  var variables: [Variable] = []
  var best: [Candidate]?
  var bestCost = Int64.max
  var exhausted = false
  private let profile: Profile
  private var candidates: [[Candidate]] = []
  private var number: [Variable: Int] = [:]
  private var chosen: [Candidate?] = []
  private var tried = 0

  init(_ formula: Formula, _ profile: Profile) {
    self.formula = formula
    self.profile = profile
    var values: [Variable: Set<Variable.Value>] = [:]
    var excluded: [CodeAttribute: Set<String>] = [:]
    Self.visit(formula) { atom in Self.note(atom, profile, &values, &excluded) }
    for (attribute, prefixes) in excluded {
      if let witness = Self.outside(attribute, prefixes) { values[.code(attribute), default: []].insert(.code(witness)) }
    }
    // Cheap classes first, so that a first solution is already a good bound; keys make the order total.
    variables = values.keys.sorted {
      $0.changeClass != $1.changeClass ? $0.changeClass > $1.changeClass : $0.key < $1.key
    }
    candidates = variables.map { Self.candidates($0, values[$0] ?? [], profile) }
    for (index, variable) in variables.enumerated() { number[variable] = index }
    chosen = Array(repeating: nil, count: variables.count)
  }

  mutating func run() { descend(0, cost: 0) }

  private mutating func descend(_ index: Int, cost: Int64) {
    if cost >= bestCost || exhausted { return }
    tried += 1
    if tried > SmallestChange.budget {
      exhausted = true
      return
    }
    guard possible(formula) else { return }
    if index == variables.count {
      best = chosen.compactMap(\.self)
      bestCost = cost
      return
    }
    for candidate in candidates[index] {
      chosen[index] = candidate
      descend(index + 1, cost: cost + candidate.cost)
    }
    chosen[index] = nil
  }

  /// Whether the formula can still hold: a variable without a value may take any.
  private func possible(_ formula: Formula) -> Bool {
    switch formula {
    case .atom(let atom): return possible(atom)
    case .gate(let required, let members):
      var missing = required
      for member in members {
        if missing <= 0 { return true }
        if possible(member) { missing -= 1 }
      }
      return missing <= 0
    }
  }

  private func value(_ variable: Variable) -> Variable.Value? { number[variable].flatMap { chosen[$0]?.value } }

  private func possible(_ atom: Atom) -> Bool {
    switch atom {
    case .low(let attribute, let bound):
      guard case .number(let value) = value(.ordered(attribute)) else { return true }
      return value.map { $0 >= bound } ?? attribute.absentIsAny
    case .high(let attribute, let bound):
      guard case .number(let value) = value(.ordered(attribute)) else { return true }
      return value.map { $0 <= bound } ?? attribute.absentIsAny
    case .choice(let attribute, let mask):
      guard case .choices(let value) = value(.choice(attribute)) else { return true }
      return value & mask != 0
    case .code(let attribute, let prefixes, let holds):
      guard case .code(let value) = value(.code(attribute)) else { return true }
      guard let value else { return false }
      return prefixes.contains { value.hasPrefix($0) } == holds
    case .words(let attribute, let words, let holds):
      for word in words {
        switch value(.word(attribute, word)) {
        case .present(true): return holds
        case nil: if holds { return true }
        default: break
        }
      }
      return !holds
    }
  }
}

// Which variables there are and which of their values matter.
extension Search {
  private static func visit(_ formula: Formula, _ body: (Atom) -> Void) {
    switch formula {
    case .atom(let atom): body(atom)
    case .gate(_, let members): for member in members { visit(member, body) }
    }
  }

  private static func note(
    _ atom: Atom, _ profile: Profile, _ values: inout [Variable: Set<Variable.Value>],
    _ excluded: inout [CodeAttribute: Set<String>]
  ) {
    switch atom {
    case .low(let attribute, let bound), .high(let attribute, let bound):
      var known = values[.ordered(attribute)] ?? []
      // The nearest value inside an interval of bounds is the current one or one of the bounds; a bound outside the
      // domain still leaves the domain's end.
      known.insert(.number(Swift.min(Swift.max(bound, attribute.domain.lowerBound), attribute.domain.upperBound)))
      values[.ordered(attribute)] = known
    case .choice(let attribute, let mask):
      var known = values[.choice(attribute)] ?? []
      for bit in 0..<UInt64(attribute.values.count) where mask & (1 << bit) != 0 {
        known.insert(.choices(attribute.isMultiple ? profile[attribute] | 1 << bit : 1 << bit))
      }
      values[.choice(attribute)] = known
    case .code(let attribute, let prefixes, let holds):
      var known = values[.code(attribute)] ?? []
      if holds {
        for prefix in prefixes { known.insert(.code(prefix)) }
      } else {
        excluded[attribute, default: []].formUnion(prefixes)
      }
      values[.code(attribute)] = known
    case .words(let attribute, let words, _):
      for word in words { values[.word(attribute, word)] = [.present(true), .present(false)] }
    }
  }

  /// Some code outside all of the prefixes, as a witness of "elsewhere".
  private static func outside(_ attribute: CodeAttribute, _ prefixes: Set<String>) -> String? {
    let known =
      switch attribute {
      case .region: RegionCode.provinces
      case .industry: IndustryCode.sectionLetters
      }
    return known.first { code in !prefixes.contains { code.hasPrefix($0) } }
  }

  private static func candidates(
    _ variable: Variable, _ values: Set<Variable.Value>, _ profile: Profile
  ) -> [Candidate] {
    let current = variable.value(in: profile)
    let others = values.filter { $0 != current }.map { value in
      Candidate(value: value, cost: cost(variable, current, value), isCurrent: false)
    }
    let sorted = others.sorted {
      $0.cost != $1.cost ? $0.cost < $1.cost : (variable.text($0.value) ?? "") < (variable.text($1.value) ?? "")
    }
    return [Candidate(value: current, cost: 0, isCurrent: true)] + sorted
  }

  /// Class first: a hundred changes of one class weigh as much as one of the next. Then the relative size in ppm of the
  /// larger value, the whole when there is nothing to compare.
  private static func cost(_ variable: Variable, _ from: Variable.Value, _ to: Variable.Value) -> Int64 {
    let weight: Int64 =
      switch variable.changeClass {
      case .need: 1
      case .action: 100
      case .growth: 10_000
      case .structure: 1_000_000
      }
    var size: Int64 = 1_000_000
    if case .number(let old?) = from, case .number(let new?) = to {
      let larger = Swift.max(Int128(old.magnitude), Int128(new.magnitude), 1)
      let difference = Int128(new) - Int128(old)
      size = Int64(Swift.min(1_000_000, Int128(difference.magnitude) * 1_000_000 / larger))
    }
    return weight * 2_000_000 + size
  }
}

extension RegionCode {
  /// Provinces of GB/T 2260.
  static let provinces = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
  ]
}
