package import Kernel

/// What figures are broken down by.
package enum FigureDimension: String, Sendable, Hashable, CaseIterable {
  case region, chain, channel, period, institution
}

package struct FigureQuery: Sendable, Hashable {
  package var prefix: String
  package var dimension: FigureDimension
  /// First and last day of submission.
  package var from: BusinessDate?
  package var to: BusinessDate?

  /// - Throws: `INVALID_DATE` for days in the wrong order.
  package init(
    prefix: String, dimension: FigureDimension, from: BusinessDate?, to: BusinessDate?
  ) throws(DomainError) {
    if let from, let to, to < from {
      throw DomainError(.invalidDate, "\(to) is before \(from)", field: "to_date")
    }
    self.prefix = prefix
    self.dimension = dimension
    self.from = from
    self.to = to
  }
}

/// Figures of one value of a dimension, or of all of them.
package struct FigureRow: Sendable, Hashable {
  package var key: String
  package var demands: Int64 = 0
  /// A firm that came in twice counts once.
  package var firms: Int64 = 0
  package var reached: [DemandState: Int64] = [:]
  package var amounts: [Currency: AmountTally] = [:]
  /// 首贷户 with a signed contract.
  package var firstLoans: Int64 = 0
  package var accepted: Int64 = 0
  /// From the push to the claim, over all that were accepted.
  package var acceptSeconds: Int64 = 0
  /// Offered or declined after a claim.
  package var decided: Int64 = 0
  package var decideSeconds: Int64 = 0
  package var missedClocks: Int64 = 0
  /// Claims after which the firm was spoken with.
  package var contacted: Int64 = 0
  /// From the claim to the first talk, over all of those.
  package var contactSeconds: Int64 = 0

  package init(key: String) { self.key = key }
}

package struct Figures: Sendable, Hashable {
  package var sequence: Int64
  package var rows: [FigureRow]
  package var total: FigureRow

  package init(sequence: Int64, rows: [FigureRow], total: FigureRow) {
    self.sequence = sequence
    self.rows = rows
    self.total = total
  }
}

/// One institution's answer to one push: what response times are made of.
package struct Response: Sendable, Hashable {
  package var institution: String
  package var pushedAt: Instant
  package var claimedAt: Instant
  package var decidedAt: Instant?

  package init(institution: String, pushedAt: Instant, claimedAt: Instant, decidedAt: Instant?) {
    self.institution = institution
    self.pushedAt = pushedAt
    self.claimedAt = claimedAt
    self.decidedAt = decidedAt
  }
}
