package import Kernel

extension Indicator {
  /// The next version of the entry. Titles, basis, concept and rules may change; what gives recorded values their meaning
  /// may not, because facts and past runs refer to it by the id.
  /// - Throws: `INVALID_ARGUMENT` naming the field; `STATE_CONFLICT` unless `previous` is the version that stands.
  package func revised(as next: Indicator, previous: Int) throws(DomainError) -> Indicator {
    guard previous == version else {
      throw DomainError(
        .stateConflict, "the latest version of indicators/\(id) is \(version), not \(previous)",
        field: "previous_version", metadata: ["version": "\(version)"])
    }
    let fixed: [(field: String, isSame: Bool)] = [
      ("unit", unit == next.unit), ("direction", direction == next.direction), ("source", source == next.source),
      ("aggregation", aggregation == next.aggregation), ("absent_is_zero", absentIsZero == next.absentIsZero),
    ]
    for (field, isSame) in fixed where !isSame {
      throw .invalid(field, "recorded values stand on it: make another indicator")
    }
    var revised = next
    revised.version = version + 1
    revised.createTime = createTime
    return revised
  }
}
