package import Kernel

/// Conditions of the ledger that no index serves: rows of the range that the others make are looked at one by one.
package struct DemandSieve: Sendable, Hashable {
  /// Rows looked at for one page. A page may end here with fewer than it has room for; the next goes on.
  package static let examined = 1024

  package var channel: Channel?
  package var instrument: Instrument?
  package var level: HandlingLevel?
  package var chain: String?
  /// First and last day of submission, and of closing.
  package var createdFrom: BusinessDate?
  package var createdTo: BusinessDate?
  package var closedFrom: BusinessDate?
  package var closedTo: BusinessDate?

  package init() {}

  package var isEmpty: Bool { self == DemandSieve() }
}

/// A page that was sifted.
package struct SiftedDemands: Sendable {
  package var rows: [Listed<Demand>]
  /// Position after which the next page begins; `nil` on the last.
  package var resume: Int64?

  package init(rows: [Listed<Demand>], resume: Int64?) {
    self.rows = rows
    self.resume = resume
  }
}
