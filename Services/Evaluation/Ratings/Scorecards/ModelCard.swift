/// What a reader must know before trusting a scorecard.
package struct ModelCard: Sendable, Hashable, Codable {
  package var data: String
  package var period: String
  package var target: String
  /// The development sample first.
  package var figures: [SampleFigures]
  package var limits: [String]
  package var fairness: String
  package var groups: [GroupFigures]

  package init(
    data: String, period: String, target: String, figures: [SampleFigures] = [], limits: [String], fairness: String,
    groups: [GroupFigures] = []
  ) {
    self.data = data
    self.period = period
    self.target = target
    self.figures = figures
    self.limits = limits
    self.fairness = fairness
    self.groups = groups
  }
}

/// How well a scorecard separated one sample.
package struct SampleFigures: Sendable, Hashable, Codable {
  package var sample: String
  package var goods: Int64
  package var bads: Int64
  package var aucPPM: Int64
  package var ksPPM: Int64
  /// `nil` for the development sample.
  package var psiMicro: Int64?
  package init(sample: String, goods: Int64, bads: Int64, aucPPM: Int64, ksPPM: Int64, psiMicro: Int64?) {
    self.sample = sample
    self.goods = goods
    self.bads = bads
    self.aucPPM = aucPPM
    self.ksPPM = ksPPM
    self.psiMicro = psiMicro
  }
}

/// Approval and outcome in one group of firms, as counts.
package struct GroupFigures: Sendable, Hashable, Codable {
  package var dimension: String
  package var group: String
  package var count: Int64 = 0
  package var approved: Int64 = 0
  package var goods: Int64 = 0
  package var bads: Int64 = 0
  package var approvedGoods: Int64 = 0
  package var approvedBads: Int64 = 0
  /// Approval rate ÷ that of the dimension's largest group.
  package var approvalRatioPPM: Int64?

  package init(dimension: String, group: String) {
    self.dimension = dimension
    self.group = group
  }

  package var approvedKnown: Int64 { approvedGoods + approvedBads }
  package var approvalRatePPM: Int64 { PPM.share(approved, of: count) ?? 0 }
  package var badRatePPM: Int64? { PPM.share(bads, of: goods + bads) }
  package var approvedBadRatePPM: Int64? { PPM.share(approvedBads, of: approvedKnown) }
}

/// Shares in parts per million, rounded half away from zero.
package enum PPM {
  /// `nil` when there is no whole.
  package static func share(_ part: Int64, of whole: Int64) -> Int64? { ratio(Int128(part), Int128(whole)) }

  static func ratio(_ part: Int128, _ whole: Int128) -> Int64? {
    guard whole > 0 else { return nil }
    let doubled = part.magnitude * 2_000_000 + whole.magnitude
    let rounded = doubled / (whole.magnitude * 2)
    return Int64(exactly: rounded).map { part < 0 ? -$0 : $0 }
  }
}
