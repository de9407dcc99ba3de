package import EvaluationRatings
package import Kernel
package import Protos
import RPCEdge

extension Scorecard {
  /// Reads the form of the message; whether the scorecard holds is the domain's to say.
  /// - Throws: `INVALID_ARGUMENT`, `REQUIRED_FIELD_MISSING`, `SCHEME_INVALID` with the field.
  package init(_ message: Huirong_Evaluation_V1_Scorecard) throws(DomainError) {
    let id = try ResourceName.id(of: message.name, in: "scorecards", field: "scorecard.name")
    try Self.refuseOutputs(message)
    try Require.text(message.titleZh, "scorecard.title_zh", maximum: 200)
    try Require.text(message.titleEn, "scorecard.title_en", maximum: 200)
    try Require.value(message.purpose, "scorecard.purpose")
    guard let purpose = Purpose(message.purpose) else { throw .invalid("scorecard.purpose", "not a purpose") }
    var characteristics: [Characteristic] = []
    for (index, characteristic) in message.characteristics.enumerated() {
      characteristics.append(try Characteristic(characteristic, "scorecard.characteristics[\(index)]"))
    }
    var platform: [PlatformCut] = []
    for (index, cut) in message.platformGrades.enumerated() {
      let path = "scorecard.platform_grades[\(index)]"
      try Require.value(cut.grade, "\(path).grade")
      guard let grade = PlatformGrade(cut.grade) else { throw .invalid("\(path).grade", "not a grade") }
      platform.append(PlatformCut(grade: grade, minimum: cut.hasMinimumPoints ? cut.minimumPoints : nil))
    }
    for (index, cut) in message.grades.enumerated() {
      try Require.text(cut.grade, "scorecard.grades[\(index)].grade", maximum: 64)
    }
    self.init(
      id: id, titleZH: message.titleZh, titleEN: message.titleEn, purpose: purpose,
      constantPoints: message.constantPoints, characteristics: characteristics,
      scaling: message.hasScaling ? Scaling(message.scaling) : nil,
      grades: message.grades.map {
        GradeCut(
          grade: $0.grade, minimum: $0.hasMinimumPoints ? $0.minimumPoints : nil, goods: $0.goods, bads: $0.bads)
      }, platformGrades: platform,
      cutoffSource: try RatingSource(
        message.cutoffSource, isSet: message.hasCutoffSource, "scorecard.cutoff_source"),
      card: try ModelCard(message.card, "scorecard.card"))
  }

  private static func refuseOutputs(_ message: Huirong_Evaluation_V1_Scorecard) throws(DomainError) {
    let outputs = [
      ("version", message.version != 0), ("state", message.state != .unspecified), ("digest", !message.digest.isEmpty),
      ("creator", !message.creator.isEmpty), ("adopter", !message.adopter.isEmpty),
      ("retirer", !message.retirer.isEmpty), ("retire_reason", !message.retireReason.isEmpty),
      ("create_time", message.hasCreateTime), ("adopt_time", message.hasAdoptTime),
      ("retire_time", message.hasRetireTime), ("etag", !message.etag.isEmpty),
    ]
    if let wrong = outputs.first(where: \.1) { throw .invalid("scorecard.\(wrong.0)", "is output only") }
  }
}

extension Scorecard.Purpose {
  init?(_ purpose: Huirong_Evaluation_V1_ScorecardPurpose) {
    switch purpose {
    case .credit: self = .credit
    case .innovation: self = .innovation
    case .technology: self = .technology
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension PlatformGrade {
  init?(_ grade: Huirong_Common_V1_PlatformGrade) {
    switch grade {
    case .a: self = .a
    case .b: self = .b
    case .c: self = .c
    case .d: self = .d
    case .e: self = .e
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension Scaling {
  init(_ message: Huirong_Evaluation_V1_ScoreScaling) {
    self.init(
      basePoints: message.basePoints, baseOdds: message.baseOdds, pointsToDoubleOdds: message.pointsToDoubleOdds,
      interceptMicro: message.hasInterceptMicro ? message.interceptMicro : nil)
  }
}

extension Characteristic {
  init(_ message: Huirong_Evaluation_V1_Characteristic, _ path: String) throws(DomainError) {
    try Require.text(message.titleZh, "\(path).title_zh", maximum: 200)
    try Require.text(message.titleEn, "\(path).title_en", maximum: 200)
    try Require.optionalText(message.unit, "\(path).unit", maximum: 64)
    try Require.known(message.pointsOrder, "\(path).points_order")
    var bins: [Bin] = []
    for (index, bin) in message.bins.enumerated() { bins.append(try Bin(bin, "\(path).bins[\(index)]")) }
    let order: Order =
      switch message.pointsOrder {
      case .rising: .rising
      case .falling: .falling
      case .unspecified, .UNRECOGNIZED: .any
      }
    self.init(
      id: message.id, titleZH: message.titleZh, titleEN: message.titleEn, unit: message.unit, bins: bins, order: order,
      coefficientMicro: message.hasCoefficientMicro ? message.coefficientMicro : nil,
      informationValueMicro: message.hasInformationValueMicro ? message.informationValueMicro : nil,
      source: try RatingSource(message.source, isSet: message.hasSource, "\(path).source"))
  }
}

extension Bin {
  init(_ message: Huirong_Evaluation_V1_ScorecardBin, _ path: String) throws(DomainError) {
    try Require.text(message.label, "\(path).label", maximum: 200)
    let cover: Cover
    switch message.cover {
    case .range(let range):
      cover = .range(
        ValueRange(
          lower: range.hasLower ? range.lower : nil, lowerInclusive: range.lowerInclusive,
          upper: range.hasUpper ? range.upper : nil, upperInclusive: range.upperInclusive))
    case .group(let group):
      for (index, value) in group.values.enumerated() {
        try Require.text(value, "\(path).group.values[\(index)]", maximum: 200)
      }
      cover = .group(group.values)
    case .other: cover = .other
    case .missing: cover = .missing
    case nil: throw DomainError(.requiredFieldMissing, "a bin says which values it takes", field: "\(path).cover")
    }
    self.init(
      label: message.label, cover: cover, points: message.points,
      woeMicro: message.hasWoeMicro ? message.woeMicro : nil,
      goods: message.goods, bads: message.bads)
  }
}

extension RatingSource {
  init(_ message: Huirong_Evaluation_V1_RatingSource, isSet: Bool, _ path: String) throws(DomainError) {
    try Require.set(isSet, path)
    if message.hasCitation == !message.ownChoice.isEmpty {
      throw DomainError.invalid(path, "either a document's citation or the reason of the author's own choice")
    }
    try Require.optionalText(message.ownChoice, "\(path).own_choice")
    self =
      message.hasCitation
      ? .document(
        ruleID: message.citation.ruleID, document: message.citation.document, article: message.citation.article,
        quote: message.citation.quote)
      : .ownChoice(reason: message.ownChoice)
  }
}

extension ModelCard {
  init(_ message: Huirong_Evaluation_V1_ModelCard, _ path: String) throws(DomainError) {
    for (text, name) in [
      (message.data, "data"), (message.period, "period"), (message.target, "target"), (message.fairness, "fairness"),
    ] { try Require.optionalText(text, "\(path).\(name)") }
    try Require.count(message.limits.count, maximum: 50, "\(path).limits")
    try Require.count(message.figures.count, maximum: 50, "\(path).figures")
    try Require.count(message.groups.count, maximum: 1000, "\(path).groups")
    for (index, limit) in message.limits.enumerated() {
      try Require.optionalText(limit, "\(path).limits[\(index)]")
    }
    self.init(
      data: message.data, period: message.period, target: message.target,
      figures: message.figures.map {
        SampleFigures(
          sample: $0.sample, goods: $0.goods, bads: $0.bads, aucPPM: $0.aucPpm, ksPPM: $0.ksPpm,
          psiMicro: $0.hasPsiMicro ? $0.psiMicro : nil)
      }, limits: message.limits, fairness: message.fairness,
      groups: message.groups.map { group in
        var figures = GroupFigures(dimension: group.dimension, group: group.group)
        figures.count = group.count
        figures.approved = group.approved
        figures.goods = group.goods
        figures.bads = group.bads
        figures.approvedBads = group.approvedBads
        figures.approvedGoods = group.approvedKnown - group.approvedBads
        figures.approvalRatioPPM = group.hasApprovalRatioPpm ? group.approvalRatioPpm : nil
        return figures
      })
  }
}
