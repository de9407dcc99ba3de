/// A scorecard as data: what is asked of a firm, what each answer is worth, and from how many points on a grade is given.
///
/// Points are whole numbers and a rating adds them: there is no floating-point number between a firm's figures and its
/// grade. Fitted figures are kept in micro-units for the reader; they take no part in a rating.
package struct Scorecard: Sendable, Hashable, Codable {
  package enum Purpose: String, Sendable, Hashable, Codable, CaseIterable {
    case credit, innovation, technology
  }

  package var id: String
  /// 0 before the first version is stored.
  package var version: Int
  package var titleZH: String
  package var titleEN: String
  package var purpose: Purpose
  /// Points of every firm before its characteristics count.
  package var constantPoints: Int64
  package var characteristics: [Characteristic]
  /// `nil` for a points table.
  package var scaling: Scaling?
  /// Best first.
  package var grades: [GradeCut]
  /// Best first; empty when the scorecard gives no grade of the platform.
  package var platformGrades: [PlatformCut]
  package var cutoffSource: RatingSource
  package var card: ModelCard

  package init(
    id: String, version: Int = 0, titleZH: String, titleEN: String, purpose: Purpose, constantPoints: Int64,
    characteristics: [Characteristic], scaling: Scaling?, grades: [GradeCut], platformGrades: [PlatformCut],
    cutoffSource: RatingSource, card: ModelCard
  ) {
    self.id = id
    self.version = version
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.purpose = purpose
    self.constantPoints = constantPoints
    self.characteristics = characteristics
    self.scaling = scaling
    self.grades = grades
    self.platformGrades = platformGrades
    self.cutoffSource = cutoffSource
    self.card = card
  }

  /// Credit grades, best first. A credit scorecard uses a selection of these in this order.
  package static let creditLadder = ["AAA", "AA", "A+", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D"]
}

/// How points relate to odds: a total of `basePoints` means `baseOdds` goods for each bad, and `pointsToDoubleOdds` more
/// points mean twice the odds.
package struct Scaling: Sendable, Hashable, Codable {
  package var basePoints: Int64
  package var baseOdds: Int64
  package var pointsToDoubleOdds: Int64
  /// Intercept of the fitted model of ln(goods ÷ bads), micro-units.
  package var interceptMicro: Int64?
  package init(basePoints: Int64, baseOdds: Int64, pointsToDoubleOdds: Int64, interceptMicro: Int64? = nil) {
    self.basePoints = basePoints
    self.baseOdds = baseOdds
    self.pointsToDoubleOdds = pointsToDoubleOdds
    self.interceptMicro = interceptMicro
  }
}

/// From how many points on a grade is given, with the development sample's counts.
package struct GradeCut: Sendable, Hashable, Codable {
  package var grade: String
  /// Inclusive; `nil` for the worst grade.
  package var minimum: Int64?
  package var goods: Int64
  package var bads: Int64
  package init(grade: String, minimum: Int64?, goods: Int64 = 0, bads: Int64 = 0) {
    self.grade = grade
    self.minimum = minimum
    self.goods = goods
    self.bads = bads
  }
}

/// The platform's grade of a firm; A is best.
package enum PlatformGrade: String, Sendable, Hashable, Codable, CaseIterable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
  case e = "E"
}

package struct PlatformCut: Sendable, Hashable, Codable {
  package var grade: PlatformGrade
  /// Inclusive; `nil` for the worst grade.
  package var minimum: Int64?
  package init(grade: PlatformGrade, minimum: Int64?) {
    self.grade = grade
    self.minimum = minimum
  }
}

/// Where a choice comes from: a document that states it, or the author's own reason. Never both, never neither.
package enum RatingSource: Sendable, Hashable, Codable {
  case document(ruleID: String, document: String, article: String, quote: String)
  case ownChoice(reason: String)
}
