/// What could be otherwise about a firm and its need as far as one formula cares: the variables, and for each the few values
/// that can matter.
struct ChangeSpace {
  struct Candidate {
    let value: Variable.Value
    let cost: Int64
  }

  /// The formula over numbers of variables.
  indirect enum Node {
    case gate(required: Int, [Node])
    case low(variable: Int, bound: Int64, absentIsAny: Bool)
    case high(variable: Int, bound: Int64, absentIsAny: Bool)
    case choice(variable: Int, mask: UInt64)
    case code(variable: Int, [String], holds: Bool)
    /// Words that cannot matter are left out: they are absent and stay so.
    case words([Int], holds: Bool)
  }

  let root: Node
  let variables: [Variable]
  /// By variable; the first is the value it has, at no cost, the others are cheapest first.
  let candidates: [[Candidate]]

  init(_ formula: Formula, _ profile: Profile) {
    var values: [Variable: Set<Variable.Value>] = [:]
    var excluded: [CodeAttribute: Set<String>] = [:]
    var words = WordUse()
    Self.visit(formula) { atom in
      Self.note(atom, profile, &values, &excluded)
      words.note(atom)
    }
    for (attribute, prefixes) in excluded {
      if let witness = Self.outside(attribute, prefixes) {
        values[.code(attribute), default: []].insert(.code(witness))
      }
    }
    for word in words.relevant(profile) { values[word] = [.present(true), .present(false)] }
    // What is hardest to change comes first, so that the cheap variables vary fastest; keys make the order total.
    let variables = values.keys.sorted {
      $0.changeClass != $1.changeClass ? $0.changeClass > $1.changeClass : $0.key < $1.key
    }
    candidates = variables.map { Self.candidates($0, values[$0] ?? [], profile) }
    let numbers = Dictionary(uniqueKeysWithValues: variables.enumerated().map { ($1, $0) })
    root = Self.compile(formula, numbers)
    self.variables = variables
  }

  private static func visit(_ formula: Formula, _ body: (Atom) -> Void) {
    switch formula {
    case .atom(let atom): body(atom)
    case .gate(_, let members): for member in members { visit(member, body) }
    }
  }

  private static func compile(_ formula: Formula, _ numbers: [Variable: Int]) -> Node {
    switch formula {
    case .gate(let required, let members): return .gate(required: required, members.map { compile($0, numbers) })
    case .atom(.low(let attribute, let bound)):
      guard let number = numbers[.ordered(attribute)] else { return never }
      return .low(variable: number, bound: bound, absentIsAny: attribute.absentIsAny)
    case .atom(.high(let attribute, let bound)):
      guard let number = numbers[.ordered(attribute)] else { return never }
      return .high(variable: number, bound: bound, absentIsAny: attribute.absentIsAny)
    case .atom(.choice(let attribute, let mask)):
      return numbers[.choice(attribute)].map { .choice(variable: $0, mask: mask) } ?? never
    case .atom(.code(let attribute, let prefixes, let holds)):
      return numbers[.code(attribute)].map { .code(variable: $0, prefixes, holds: holds) } ?? never
    case .atom(.words(let attribute, let words, let holds)):
      return .words(words.compactMap { numbers[.word(attribute, $0)] }, holds: holds)
    }
  }

  /// Every atom's variable is known by construction; a formula that cannot hold is the safe reading of one that is not.
  private static let never = Node.gate(required: 1, [])

  private static func note(
    _ atom: Atom, _ profile: Profile, _ values: inout [Variable: Set<Variable.Value>],
    _ excluded: inout [CodeAttribute: Set<String>]
  ) {
    switch atom {
    case .low(let attribute, let bound), .high(let attribute, let bound):
      // The nearest value inside an interval of bounds is the current one or one of the bounds; a bound outside the
      // domain still leaves the domain's end.
      let nearest = min(max(bound, attribute.domain.lowerBound), attribute.domain.upperBound)
      values[.ordered(attribute), default: []].insert(.number(nearest))
    case .choice(let attribute, let mask):
      for bit in 0..<UInt64(attribute.values.count) where mask & (1 << bit) != 0 {
        values[.choice(attribute), default: []].insert(
          .choices(attribute.isMultiple ? profile[attribute] | 1 << bit : 1 << bit))
      }
    case .code(let attribute, let prefixes, let holds):
      values[.code(attribute), default: []].formUnion(holds ? prefixes.map { .code($0) } : [])
      if !holds { excluded[attribute, default: []].formUnion(prefixes) }
    case .words: break
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
    let others = values.filter { $0 != current }.map { Candidate(value: $0, cost: cost(variable, current, $0)) }
    let sorted = others.sorted {
      $0.cost != $1.cost ? $0.cost < $1.cost : (variable.text($0.value) ?? "") < (variable.text($1.value) ?? "")
    }
    return [Candidate(value: current, cost: 0)] + sorted
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
      let larger = max(Int128(old.magnitude), Int128(new.magnitude), 1)
      let difference = Int128(new) - Int128(old)
      size = Int64(min(1_000_000, Int128(difference.magnitude) * 1_000_000 / larger))
    }
    return weight * 2_000_000 + size
  }
}

/// Which words stand in which conditions. Of absent words that stand in the same ones, one is enough to consider: adding
/// another would do exactly the same.
private struct WordUse {
  private var uses: [Variable: [Int]] = [:]
  private var atoms = 0

  mutating func note(_ atom: Atom) {
    guard case .words(let attribute, let words, _) = atom else { return }
    atoms += 1
    for word in Set(words) { uses[.word(attribute, word), default: []].append(atoms) }
  }

  func relevant(_ profile: Profile) -> [Variable] {
    var kept: [Variable] = []
    var seen: Set<[Int]> = []
    for (variable, use) in uses.sorted(by: { $0.key.key < $1.key.key }) {
      let present = variable.value(in: profile) == .present(true)
      if present || seen.insert(use).inserted { kept.append(variable) }
    }
    return kept
  }
}

extension RegionCode {
  /// Provinces of GB/T 2260.
  static let provinces = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
  ]
}
