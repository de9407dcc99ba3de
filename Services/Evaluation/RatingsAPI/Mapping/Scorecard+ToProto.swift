package import EvaluationRatings
import Foundation
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Evaluation_V1_Scorecard {
  init(_ stored: StoredScorecard) {
    self.init(stored.scorecard)
    version = Int32(clamping: stored.scorecard.version)
    state = stored.state.proto
    digest = HexText.bytes(stored.digest)
    creator = stored.creator
    adopter = stored.adopter
    retirer = stored.retirer
    retireReason = stored.retireReason
    createTime = Google_Protobuf_Timestamp(stored.createTime)
    if let time = stored.adoptTime { adoptTime = Google_Protobuf_Timestamp(time) }
    if let time = stored.retireTime { retireTime = Google_Protobuf_Timestamp(time) }
    etag = stored.etag
  }

  /// The input fields of a scorecard.
  package init(_ card: Scorecard) {
    self.init()
    name = "scorecards/\(card.id)"
    titleZh = card.titleZH
    titleEn = card.titleEN
    purpose = card.purpose.proto
    constantPoints = card.constantPoints
    characteristics = card.characteristics.map(Huirong_Evaluation_V1_Characteristic.init)
    if let scale = card.scaling {
      scaling.basePoints = scale.basePoints
      scaling.baseOdds = scale.baseOdds
      scaling.pointsToDoubleOdds = scale.pointsToDoubleOdds
      if let intercept = scale.interceptMicro { scaling.interceptMicro = intercept }
    }
    grades = card.grades.map { cut in
      var proto = Huirong_Evaluation_V1_RatingGradeCut()
      proto.grade = cut.grade
      if let minimum = cut.minimum { proto.minimumPoints = minimum }
      proto.goods = cut.goods
      proto.bads = cut.bads
      return proto
    }
    platformGrades = card.platformGrades.map { cut in
      var proto = Huirong_Evaluation_V1_PlatformGradeCut()
      proto.grade = cut.grade.proto
      if let minimum = cut.minimum { proto.minimumPoints = minimum }
      return proto
    }
    cutoffSource = Huirong_Evaluation_V1_RatingSource(card.cutoffSource)
    self.card = Huirong_Evaluation_V1_ModelCard(card.card)
  }
}

extension StoredScorecard.State {
  var proto: Huirong_Evaluation_V1_ScorecardState {
    switch self {
    case .draft: .draft
    case .adopted: .adopted
    case .retired: .retired
    }
  }
}

extension Scorecard.Purpose {
  var proto: Huirong_Evaluation_V1_ScorecardPurpose {
    switch self {
    case .credit: .credit
    case .innovation: .innovation
    case .technology: .technology
    }
  }
}

extension PlatformGrade {
  var proto: Huirong_Common_V1_PlatformGrade {
    switch self {
    case .a: .a
    case .b: .b
    case .c: .c
    case .d: .d
    case .e: .e
    }
  }
}

extension Huirong_Evaluation_V1_RatingSource {
  init(_ source: RatingSource) {
    self.init()
    switch source {
    case .document(let ruleID, let document, let article, let quote):
      citation.ruleID = ruleID
      citation.document = document
      citation.article = article
      citation.quote = quote
    case .ownChoice(let reason): ownChoice = reason
    }
  }
}

extension Huirong_Evaluation_V1_Characteristic {
  init(_ characteristic: Characteristic) {
    self.init()
    id = characteristic.id
    titleZh = characteristic.titleZH
    titleEn = characteristic.titleEN
    unit = characteristic.unit
    bins = characteristic.bins.map(Huirong_Evaluation_V1_ScorecardBin.init)
    switch characteristic.order {
    case .any: pointsOrder = .unspecified
    case .rising: pointsOrder = .rising
    case .falling: pointsOrder = .falling
    }
    if let coefficient = characteristic.coefficientMicro { coefficientMicro = coefficient }
    if let value = characteristic.informationValueMicro { informationValueMicro = value }
    source = Huirong_Evaluation_V1_RatingSource(characteristic.source)
  }
}

extension Huirong_Evaluation_V1_ScorecardBin {
  init(_ bin: Bin) {
    self.init()
    label = bin.label
    switch bin.cover {
    case .range(let values):
      var proto = Huirong_Evaluation_V1_ValueRange()
      if let lower = values.lower { proto.lower = lower }
      proto.lowerInclusive = values.lowerInclusive
      if let upper = values.upper { proto.upper = upper }
      proto.upperInclusive = values.upperInclusive
      range = proto
    case .group(let values): group.values = values
    case .other: other = .init()
    case .missing: missing = .init()
    }
    points = bin.points
    if let woe = bin.woeMicro { woeMicro = woe }
    goods = bin.goods
    bads = bin.bads
  }
}

extension Huirong_Evaluation_V1_ModelCard {
  init(_ card: ModelCard) {
    self.init()
    data = card.data
    period = card.period
    target = card.target
    figures = card.figures.map { figure in
      var proto = Huirong_Evaluation_V1_SampleFigures()
      proto.sample = figure.sample
      proto.goods = figure.goods
      proto.bads = figure.bads
      proto.aucPpm = figure.aucPPM
      proto.ksPpm = figure.ksPPM
      if let psi = figure.psiMicro { proto.psiMicro = psi }
      return proto
    }
    limits = card.limits
    fairness = card.fairness
    groups = card.groups.map(Huirong_Evaluation_V1_GroupFigures.init)
  }
}

extension Huirong_Evaluation_V1_GroupFigures {
  init(_ figures: GroupFigures) {
    self.init()
    dimension = figures.dimension
    group = figures.group
    count = figures.count
    approved = figures.approved
    goods = figures.goods
    bads = figures.bads
    approvedBads = figures.approvedBads
    approvedKnown = figures.approvedKnown
    approvalRatePpm = figures.approvalRatePPM
    if let ratio = figures.approvalRatioPPM { approvalRatioPpm = ratio }
    if let rate = figures.badRatePPM { badRatePpm = rate }
    if let rate = figures.approvedBadRatePPM { approvedBadRatePpm = rate }
  }
}

/// A digest as bytes.
enum HexText {
  static func bytes(_ text: String) -> Data {
    let nibbles = text.compactMap { $0.hexDigitValue.flatMap(UInt8.init(exactly:)) }
    return Data(stride(from: 0, to: nibbles.count - 1, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] })
  }
}
