import Kernel

/// Checks of what a caller hands in; each error names the field.
enum Bounds {
  /// Longest id of an alternative or a criterion, in UTF-8 bytes.
  static let maximumIDBytes = 256

  static func ids(_ ids: [String], maximum: Int, _ field: String) throws(DomainError) {
    if ids.isEmpty { throw DomainError(.requiredFieldMissing, "\(field) is required", field: field) }
    guard ids.count <= maximum else {
      throw DomainError(.batchTooLarge, "\(field) takes at most \(maximum) entries, not \(ids.count)", field: field)
    }
    var seen: Set<String> = []
    for (index, id) in ids.enumerated() {
      guard !id.isEmpty, id.utf8.count <= maximumIDBytes else {
        throw .invalid("\(field)[\(index)]", "an id has 1 to \(maximumIDBytes) bytes")
      }
      guard seen.insert(id).inserted else { throw .invalid("\(field)[\(index)]", "\"\(id)\" is given twice") }
    }
  }

  static func finite(_ value: Double, _ field: String, maximum: Double = 1e100) throws(DomainError) {
    guard value.isFinite else { throw .invalid(field, "is not a finite number") }
    guard value.magnitude <= maximum else { throw .invalid(field, "\(value) is beyond ±\(maximum)") }
  }

  static func number(_ value: Double, in range: ClosedRange<Double>, _ field: String) throws(DomainError) {
    try finite(value, field)
    guard range.contains(value) else {
      throw .invalid(field, "must lie between \(range.lowerBound) and \(range.upperBound), not \(value)")
    }
  }

  static func count(_ count: Int, in range: ClosedRange<Int>, _ field: String) throws(DomainError) {
    guard range.contains(count) else {
      throw .invalid(field, "must lie between \(range.lowerBound) and \(range.upperBound), not \(count)")
    }
  }
}
