import Kernel

/// How a scorecard is fitted, as data: what the author decides before the data has its say.
package struct ScorecardPlan: Sendable, Codable {
  package struct Planned: Sendable, Codable {
    package var id: String
    package var titleZH: String
    package var titleEN: String
    /// Empty for a categorical characteristic.
    package var unit: String
    package var order: Characteristic.Order
    package var binning: Binning
    /// True holds the bin for missing values at a weight of evidence of 0: not knowing then neither helps nor hurts.
    package var missingIsNeutral: Bool
    package var source: RatingSource
  }

  package enum Binning: Sendable, Codable {
    /// Each cut ends a bin, inclusively; the last bin is open.
    case cuts(at: [Int64])
    /// Cuts at the quantiles of the development sample's values (inverse of the empirical distribution).
    case quantiles(count: Int)
    case groups(named: [Group], other: String)
  }

  package struct Group: Sendable, Codable {
    package var label: String
    package var values: [String]
  }

  /// Rows whose period lies between `from` and `to`, both inclusive.
  package struct Sample: Sendable, Codable {
    package var title: String
    package var from: Int
    package var to: Int
  }

  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var purpose: Scorecard.Purpose
  package var characteristics: [Planned]
  package var scaling: Scaling
  package var grades: [GradeCutPlan]
  package var platformGrades: [PlatformCut]
  package var cutoffSource: RatingSource
  package var development: Sample
  package var validation: [Sample]
  /// The worst grade that counts as approved in the fairness figures.
  package var approvalGrade: String
  package var card: ModelCardPlan

  package struct GradeCutPlan: Sendable, Codable {
    package var grade: String
    package var minimum: Int64?
  }

  package struct ModelCardPlan: Sendable, Codable {
    package var data: String
    package var period: String
    package var target: String
    package var limits: [String]
    package var fairness: String
  }
}

/// One firm of a sample to fit on.
package struct FitRow: Sendable {
  package var period: Int
  package var outcome: Outcome?
  package var region: String
  package var size: String
  /// By characteristic.
  package var values: [String: RatingValue]
  package init(period: Int, outcome: Outcome?, region: String, size: String, values: [String: RatingValue]) {
    self.period = period
    self.outcome = outcome
    self.region = region
    self.size = size
    self.values = values
  }

  func value(_ id: String) throws(DomainError) -> RatingValue {
    guard let value = values[id] else {
      throw DomainError(.dataRefused, "the sample has no characteristic \"\(id)\"", field: id)
    }
    return value
  }
}
