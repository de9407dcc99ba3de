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

  /// Conditions looked at before the search settles for the best it has: trees of published products need some
  /// hundreds; this bounds what a hostile tree costs to some milliseconds.
  package static let workLimit = 400_000
  /// Attributes and words that may vary at once; it bounds the depth of the search. Published products have under ten.
  package static let variableLimit = 256

  package static func search(_ offer: Offer, _ profile: Profile) -> SmallestChange {
    var formulas = offer.implied.map { Formula(.condition($0.condition)) }
    if let eligibility = offer.terms.eligibility { formulas.append(Formula(eligibility)) }
    let space = ChangeSpace(Formula.gate(required: formulas.count, formulas), profile)
    guard space.variables.count <= variableLimit else {
      return SmallestChange(steps: [], cost: .max, unfixable: false, minimal: false)
    }
    var search = ChangeSearch(space)
    search.run()
    guard let best = search.best else {
      return SmallestChange(steps: [], cost: .max, unfixable: !search.exhausted, minimal: !search.exhausted)
    }
    let steps = space.variables.indices.filter { best[$0] > 0 }.map { index in
      Step(
        variable: space.variables[index], from: space.variables[index].value(in: profile),
        to: space.candidates[index][best[index]].value)
    }
    return SmallestChange(steps: steps, cost: search.bestCost, unfixable: false, minimal: !search.exhausted)
  }
}

/// Depth-first search over the values that matter, cut off where the formula can no longer hold or the cost no longer win.
private struct ChangeSearch {
  /// By variable, the number of its candidate; 0 is the value it has.
  private(set) var best: [Int]?
  private(set) var bestCost = Int64.max
  private(set) var exhausted = false
  private let space: ChangeSpace
  /// By variable, its candidate; −1 while it may still take any.
  private var chosen: [Int]
  private var work = 0

  init(_ space: ChangeSpace) {
    self.space = space
    chosen = Array(repeating: -1, count: space.variables.count)
  }

  mutating func run() { descend(0, cost: 0) }

  private mutating func descend(_ index: Int, cost: Int64) {
    if cost >= bestCost || exhausted { return }
    guard possible(space.root) else { return }
    if work > SmallestChange.workLimit {
      exhausted = true
      return
    }
    if index == chosen.count {
      best = chosen
      bestCost = cost
      return
    }
    for (number, candidate) in space.candidates[index].enumerated() {
      chosen[index] = number
      descend(index + 1, cost: cost + candidate.cost)
    }
    chosen[index] = -1
  }

  /// Whether the formula can still hold: a variable without a value may take any.
  private mutating func possible(_ node: ChangeSpace.Node) -> Bool {
    switch node {
    case .gate(let required, let members):
      var missing = required
      for member in members {
        if missing <= 0 { return true }
        if possible(member) { missing -= 1 }
      }
      return missing <= 0
    case .low(let variable, let bound, let absentIsAny):
      work += 1
      guard case .number(let value)? = value(variable) else { return true }
      return value.map { $0 >= bound } ?? absentIsAny
    case .high(let variable, let bound, let absentIsAny):
      work += 1
      guard case .number(let value)? = value(variable) else { return true }
      return value.map { $0 <= bound } ?? absentIsAny
    case .choice(let variable, let mask):
      work += 1
      guard case .choices(let value)? = value(variable) else { return true }
      return value & mask != 0
    case .code(let variable, let prefixes, let holds):
      work += prefixes.count
      guard case .code(let value)? = value(variable) else { return true }
      guard let value else { return false }
      return prefixes.contains { value.hasPrefix($0) } == holds
    case .words(let variables, let holds):
      work += variables.count
      for variable in variables {
        switch value(variable) {
        case .present(true): return holds
        case nil: if holds { return true }
        default: break
        }
      }
      return !holds
    }
  }

  private func value(_ variable: Int) -> Variable.Value? {
    let number = chosen[variable]
    return number < 0 ? nil : space.candidates[variable][number].value
  }
}
