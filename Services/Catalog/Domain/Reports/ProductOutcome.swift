package import Kernel

/// How applications for one product ended.
package struct ProductOutcome: Hashable, Sendable {
  package let product: String
  package let applications: Int64
  package let granted: Int64

  package init(product: String, applications: Int64, granted: Int64) {
    self.product = product
    self.applications = applications
    self.granted = granted
  }

  /// Far above what a city sees in a century; it keeps every sum inside 64 bits.
  private static let most: Int64 = 1_000_000_000

  /// - Throws: `INVALID_ARGUMENT` naming the field; a product named twice.
  package static func validate(_ outcomes: [ProductOutcome]) throws(DomainError) {
    var seen: Set<String> = []
    for (index, outcome) in outcomes.enumerated() {
      let path = "outcomes[\(index)]"
      guard (0...most).contains(outcome.applications) else {
        throw .invalid("\(path).applications", "0 to \(most), not \(outcome.applications)")
      }
      guard (0...outcome.applications).contains(outcome.granted) else {
        throw .invalid("\(path).granted", "0 to applications, not \(outcome.granted)")
      }
      guard seen.insert(outcome.product).inserted else {
        throw .invalid("\(path).product", "stands in an earlier entry too")
      }
    }
  }
}

extension TrackRecord {
  /// - Throws: `AMOUNT_OVERFLOW`.
  package func adding(_ outcome: ProductOutcome) throws(DomainError) -> TrackRecord {
    let (applications, overflow) = applications.addingReportingOverflow(outcome.applications)
    if overflow { throw .amountOverflow("applications") }
    return TrackRecord(applications: applications, granted: granted + outcome.granted)
  }
}
