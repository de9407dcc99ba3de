package import Kernel

/// Refuses a scorecard that does not cover every value once, or whose grades are not in order. Each error is
/// `SCHEME_INVALID` and names the path of what does not hold.
package enum ScorecardValidation {
  static let maximumCharacteristics = 100
  static let maximumBins = 200
  /// Largest magnitude of any number of points: a hundred characteristics of it stay far inside 64 bits.
  package static let maximumPoints: Int64 = 1_000_000_000

  package static func validate(_ card: Scorecard) throws(DomainError) {
    guard isSlug(card.id) else { throw invalid("name", "an id of lower-case letters, digits and hyphens is needed") }
    if card.titleZH.isEmpty { throw invalid("title_zh", "a title is needed") }
    if card.titleEN.isEmpty { throw invalid("title_en", "a title is needed") }
    try points(card.constantPoints, "constant_points")
    guard !card.characteristics.isEmpty, card.characteristics.count <= maximumCharacteristics else {
      throw invalid("characteristics", "1 to \(maximumCharacteristics) are needed, not \(card.characteristics.count)")
    }
    var seen: Set<String> = []
    for (index, characteristic) in card.characteristics.enumerated() {
      let path = "characteristics[\(index)]"
      guard isSlug(characteristic.id) else {
        throw invalid("\(path).id", "lower-case letters, digits and hyphens are needed")
      }
      guard seen.insert(characteristic.id).inserted else {
        throw invalid("\(path).id", "\"\(characteristic.id)\" is there twice")
      }
      try validate(characteristic, path)
    }
    if let scaling = card.scaling { try validate(scaling) }
    try grades(card)
    try platformGrades(card)
    try source(card.cutoffSource, "cutoff_source")
    try validate(card.card)
  }

  private static func validate(_ characteristic: Characteristic, _ path: String) throws(DomainError) {
    if characteristic.titleZH.isEmpty { throw invalid("\(path).title_zh", "a title is needed") }
    if characteristic.titleEN.isEmpty { throw invalid("\(path).title_en", "a title is needed") }
    try source(characteristic.source, "\(path).source")
    guard (2...maximumBins).contains(characteristic.bins.count) else {
      throw invalid("\(path).bins", "2 to \(maximumBins) bins are needed, one of them for missing values")
    }
    var labels: Set<String> = []
    var missing = 0
    for (index, bin) in characteristic.bins.enumerated() {
      let binPath = "\(path).bins[\(index)]"
      if bin.label.isEmpty { throw invalid("\(binPath).label", "a label is needed") }
      guard labels.insert(bin.label).inserted else {
        throw invalid("\(binPath).label", "\"\(bin.label)\" is there twice")
      }
      try points(bin.points, "\(binPath).points")
      if bin.goods < 0 { throw invalid("\(binPath).goods", "a count is not negative") }
      if bin.bads < 0 { throw invalid("\(binPath).bads", "a count is not negative") }
      if bin.cover == .missing {
        missing += 1
        if index != characteristic.bins.count - 1 {
          throw invalid("\(binPath).missing", "the bin for missing values comes last, once")
        }
      }
    }
    guard missing == 1 else { throw invalid("\(path).bins", "a bin for missing values is needed") }
    let valued = Array(characteristic.bins.dropLast())
    if characteristic.isNumeric {
      if characteristic.unit.isEmpty { throw invalid("\(path).unit", "numbers need their unit") }
      try BinCover.ranges(valued, path)
      try order(characteristic, valued, path)
    } else {
      if !characteristic.unit.isEmpty { throw invalid("\(path).unit", "categories have no unit") }
      if characteristic.order != .any { throw invalid("\(path).points_order", "categories have no order") }
      try BinCover.groups(valued, path)
    }
  }

  private static func order(_ characteristic: Characteristic, _ ranges: [Bin], _ path: String) throws(DomainError) {
    for index in ranges.indices.dropFirst() {
      let (before, after) = (ranges[index - 1].points, ranges[index].points)
      let holds =
        switch characteristic.order {
        case .any: true
        case .rising: after >= before
        case .falling: after <= before
        }
      if !holds {
        throw invalid(
          "\(path).bins[\(index)].points",
          "declared \(characteristic.order.rawValue), but \(after) follows \(before)")
      }
    }
  }

  private static func validate(_ scaling: Scaling) throws(DomainError) {
    try points(scaling.basePoints, "scaling.base_points")
    guard scaling.baseOdds > 0 else { throw invalid("scaling.base_odds", "must be more than 0") }
    guard (1...maximumPoints).contains(scaling.pointsToDoubleOdds) else {
      throw invalid("scaling.points_to_double_odds", "must be more than 0")
    }
  }

  private static func grades(_ card: Scorecard) throws(DomainError) {
    try cuts(card.grades.map(\.minimum), "grades")
    var ladder = Scorecard.creditLadder[...]
    var seen: Set<String> = []
    for (index, cut) in card.grades.enumerated() {
      let path = "grades[\(index)]"
      if cut.grade.isEmpty { throw invalid("\(path).grade", "a grade is needed") }
      guard seen.insert(cut.grade).inserted else {
        throw invalid("\(path).grade", "\"\(cut.grade)\" is there twice")
      }
      if cut.goods < 0 { throw invalid("\(path).goods", "a count is not negative") }
      if cut.bads < 0 { throw invalid("\(path).bads", "a count is not negative") }
      guard card.purpose == .credit else { continue }
      guard let place = ladder.firstIndex(of: cut.grade) else {
        throw invalid(
          "\(path).grade",
          "\"\(cut.grade)\" is not one of \(Scorecard.creditLadder.joined(separator: ", ")) in that order")
      }
      ladder = ladder[(place + 1)...]
    }
  }

  private static func platformGrades(_ card: Scorecard) throws(DomainError) {
    if card.platformGrades.isEmpty, card.purpose != .credit { return }
    guard card.platformGrades.map(\.grade) == PlatformGrade.allCases else {
      throw invalid("platform_grades", "A, B, C, D and E are needed in this order")
    }
    try cuts(card.platformGrades.map(\.minimum), "platform_grades")
  }

  /// Cut-offs fall strictly and only the last grade has none.
  private static func cuts(_ minimums: [Int64?], _ path: String) throws(DomainError) {
    guard minimums.count >= 2 else { throw invalid(path, "at least two grades are needed") }
    for (index, minimum) in minimums.enumerated() {
      let field = "\(path)[\(index)].minimum_points"
      let isLast = index == minimums.count - 1
      guard let minimum else {
        if isLast { continue }
        throw invalid(field, "only the worst grade has no minimum")
      }
      if isLast { throw invalid(field, "the worst grade takes every total and has no minimum") }
      if index > 0, let before = minimums[index - 1], minimum >= before {
        throw invalid(field, "must be less than \(before), the minimum of the better grade")
      }
    }
  }

  private static func validate(_ card: ModelCard) throws(DomainError) {
    if card.data.isEmpty { throw invalid("card.data", "a model card says what data it rests on") }
    if card.period.isEmpty { throw invalid("card.period", "a model card says which period it covers") }
    if card.target.isEmpty { throw invalid("card.target", "a model card says what is predicted or measured") }
    if card.fairness.isEmpty { throw invalid("card.fairness", "a model card says what was looked at for fairness") }
    guard !card.limits.isEmpty, card.limits.allSatisfy({ !$0.isEmpty }) else {
      throw invalid("card.limits", "a model card states at least one limit of use")
    }
  }

  private static func source(_ source: RatingSource, _ path: String) throws(DomainError) {
    switch source {
    case .document(_, let document, let article, _):
      if document.isEmpty { throw invalid("\(path).citation.document", "the document is needed") }
      if article.isEmpty { throw invalid("\(path).citation.article", "the article is needed") }
    case .ownChoice(let reason):
      if reason.isEmpty { throw invalid("\(path).own_choice", "a choice of one's own has a reason") }
    }
  }

  private static func points(_ value: Int64, _ path: String) throws(DomainError) {
    guard (-maximumPoints...maximumPoints).contains(value) else {
      throw invalid(path, "at most \(maximumPoints) points either way")
    }
  }

  static func isSlug(_ text: String) -> Bool {
    (1...ResourceName.maximumIDLength).contains(text.utf8.count)
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  static func invalid(_ path: String, _ message: String) -> DomainError {
    DomainError(.schemeInvalid, message, field: "scorecard.\(path)", metadata: ["path": path])
  }
}
