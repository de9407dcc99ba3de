import Kernel

/// Whether bins take every value exactly once.
enum BinCover {
  /// Ranges run from the lowest to the highest without a gap or an overlap, and the outer ends are open.
  static func ranges(_ bins: [Bin], _ path: String) throws(DomainError) {
    var previous: ValueRange?
    for (index, bin) in bins.enumerated() {
      let field = "\(path).bins[\(index)]"
      guard case .range(let range) = bin.cover else {
        throw ScorecardValidation.invalid(field, "ranges and categories do not mix")
      }
      try ends(range, field)
      switch previous {
      case nil:
        if range.lower != nil {
          throw ScorecardValidation.invalid("\(field).range.lower", "the first range has no lower bound")
        }
      case .some(let before):
        guard let upper = before.upper, let lower = range.lower, upper == lower else {
          throw ScorecardValidation.invalid(
            "\(field).range.lower", "must be the upper bound of the range before, without a gap or an overlap")
        }
        guard before.upperInclusive != range.lowerInclusive else {
          throw ScorecardValidation.invalid(
            "\(field).range.lower_inclusive",
            "\(lower) belongs to \(range.lowerInclusive ? "both ranges" : "neither range")")
        }
      }
      previous = range
    }
    if previous?.upper != nil {
      throw ScorecardValidation.invalid(
        "\(path).bins[\(bins.count - 1)].range.upper", "the last range has no upper bound")
    }
  }

  private static func ends(_ range: ValueRange, _ field: String) throws(DomainError) {
    if range.lower == nil, range.lowerInclusive {
      throw ScorecardValidation.invalid("\(field).range.lower_inclusive", "there is no lower bound to include")
    }
    if range.upper == nil, range.upperInclusive {
      throw ScorecardValidation.invalid("\(field).range.upper_inclusive", "there is no upper bound to include")
    }
    guard range.holdsAWholeNumber else {
      throw ScorecardValidation.invalid("\(field).range", "no whole number lies inside")
    }
  }

  /// No category is in two groups, and exactly one bin takes the others.
  static func groups(_ bins: [Bin], _ path: String) throws(DomainError) {
    var seen: Set<String> = []
    var others = 0
    for (index, bin) in bins.enumerated() {
      let field = "\(path).bins[\(index)]"
      switch bin.cover {
      case .group(let values):
        if values.isEmpty { throw ScorecardValidation.invalid("\(field).group.values", "a group names a value") }
        for (position, value) in values.enumerated() where !seen.insert(value).inserted {
          throw ScorecardValidation.invalid(
            "\(field).group.values[\(position)]", "\"\(value)\" is in two groups")
        }
      case .other: others += 1
      case .range, .missing: throw ScorecardValidation.invalid(field, "ranges and categories do not mix")
      }
    }
    guard others == 1 else {
      throw ScorecardValidation.invalid("\(path).bins", "one bin takes the categories that no group names")
    }
  }
}
