package import Kernel

/// Checks a scheme against the dictionary. Every error is `SCHEME_INVALID` and its field is the path of the offending
/// element, e.g. `scheme.nodes[1].children[0].weight_ppm`.
package struct SchemeValidation {
  /// Levels of the tree: dimension, sub-dimension, indicator and one to spare.
  package static let maximumDepth = 5
  /// Nodes, bonuses and gates together; the largest measure in the field has about eighty indicators.
  package static let maximumNodes = 500
  package static let weightSum: Int64 = 1_000_000

  private let dictionary: (String) -> Indicator?
  private var nodeCount = 0
  private var paths: Set<String> = []

  private init(dictionary: @escaping (String) -> Indicator?) { self.dictionary = dictionary }

  /// - Throws: `SCHEME_INVALID`.
  package static func validate(_ scheme: Scheme, dictionary: @escaping (String) -> Indicator?) throws(DomainError) {
    var validation = SchemeValidation(dictionary: dictionary)
    try validation.check(scheme)
  }

  private static func broken(_ field: String, _ message: String) -> DomainError {
    DomainError(.schemeInvalid, message, field: field)
  }

  private mutating func check(_ scheme: Scheme) throws(DomainError) {
    guard EvaluationID.isIndicatorID(scheme.id) else {
      throw Self.broken(
        "scheme.name", "a scheme id is 1 to 64 lower-case letters, digits, dots, hyphens or underscores")
    }
    try title(scheme.titleZH, "scheme.title_zh")
    try title(scheme.titleEN, "scheme.title_en")
    try check(siblings: scheme.nodes, field: "scheme.nodes", parent: "", depth: 1)
    try check(bonuses: scheme)
    try check(gates: scheme)
    try check(grades: scheme)
    try check(totals: scheme)
    if case .tieBreakers(let ids) = scheme.tieRule {
      if ids.isEmpty { throw Self.broken("scheme.tie_breaker_ids", "TIE_RULE_TIE_BREAKERS needs at least one") }
      for (index, id) in ids.enumerated() { _ = try indicator(id, "scheme.tie_breaker_ids[\(index)]") }
    }
    for (index, prefix) in scheme.regionPrefixes.enumerated() where !EvaluationID.isRegionCode(prefix) {
      throw Self.broken("scheme.region_prefixes[\(index)]", "a region code has 2 to 12 digits")
    }
    for (index, type) in scheme.types.enumerated() where !EvaluationID.isNodeID(type) {
      throw Self.broken("scheme.types[\(index)]", "lower-case letters, digits and hyphens")
    }
  }

  private mutating func check(
    siblings nodes: [SchemeNode], field: String, parent: String, depth: Int
  ) throws(DomainError) {
    if nodes.isEmpty { throw Self.broken(field, "at least one node") }
    if depth > Self.maximumDepth { throw Self.broken(field, "deeper than \(Self.maximumDepth) levels") }
    var sum: Int64 = 0
    for (index, node) in nodes.enumerated() {
      let here = "\(field)[\(index)]"
      try count(here)
      guard EvaluationID.isNodeID(node.id) else {
        throw Self.broken("\(here).id", "1 to 64 lower-case letters, digits and hyphens")
      }
      let path = parent.isEmpty ? node.id : "\(parent)/\(node.id)"
      guard paths.insert(path).inserted else { throw Self.broken("\(here).id", "\"\(path)\" occurs twice") }
      try title(node.titleZH, "\(here).title_zh")
      try title(node.titleEN, "\(here).title_en")
      try weight(node.weightPPM, "\(here).weight_ppm", path: path)
      sum += node.weightPPM
      switch node.content {
      case .dimension(let children):
        try check(siblings: children, field: "\(here).children", parent: path, depth: depth + 1)
      case .leaf(let indicatorID, let function, let missing):
        try check(leaf: indicatorID, function, missing, field: here)
      }
    }
    guard sum == Self.weightSum else {
      throw Self.broken(
        field, "weights under \"\(parent.isEmpty ? "/" : parent)\" sum to \(sum) ppm, not \(Self.weightSum)")
    }
  }

  private func check(
    leaf indicatorID: String?, _ function: ScoringFunction, _ missing: MissingPolicy?, field: String
  ) throws(DomainError) {
    if case .composite(let parts) = function {
      if indicatorID != nil { throw Self.broken("\(field).indicator_id", "a composite's parts name the indicators") }
      if missing != nil { throw Self.broken("\(field).missing", "a composite's parts say what to do without a value") }
      return try check(parts: parts, field: "\(field).function.composite")
    }
    guard let indicatorID else { throw Self.broken("\(field).indicator_id", "a leaf names its indicator") }
    if missing == nil { throw Self.broken("\(field).missing", "say what to do without a value; nothing is defaulted") }
    try check(function, of: try indicator(indicatorID, "\(field).indicator_id"), field: "\(field).function")
  }

  private func check(parts: [ScoringFunction.CompositePart], field: String) throws(DomainError) {
    if parts.count < 2 { throw Self.broken("\(field).parts", "a composite has at least two parts") }
    var sum: Int64 = 0
    for (index, part) in parts.enumerated() {
      let here = "\(field).parts[\(index)]"
      let indicator = try indicator(part.indicatorID, "\(here).indicator_id")
      if case .composite = part.function { throw Self.broken("\(here).function", "composites do not nest") }
      try weight(part.weightPPM, "\(here).weight_ppm", path: "part \(index)")
      sum += part.weightPPM
      try check(part.function, of: indicator, field: "\(here).function")
    }
    guard sum == Self.weightSum else {
      throw Self.broken("\(field).parts", "weights of the parts sum to \(sum) ppm, not \(Self.weightSum)")
    }
  }

  private func check(_ function: ScoringFunction, of indicator: Indicator, field: String) throws(DomainError) {
    switch function {
    case .attainment(let attainment): try check(attainment, of: indicator, field: "\(field).attainment")
    case .rankSteps(let steps):
      if steps.step <= 0 { throw Self.broken("\(field).rank_steps.step_micro_points", "more than 0") }
      if !(0...ScoringFunction.fullMarks).contains(steps.floor) {
        throw Self.broken("\(field).rank_steps.floor_micro_points", "0 to 100 points")
      }
      if let id = steps.incrementID {
        _ = try self.indicator(id, "\(field).rank_steps.increment_indicator_id")
      }
    case .tieredBands(let tiers): try check(tiers, field: "\(field).tiered_bands.tiers")
    case .perEvent(let rule):
      if rule.perEvent == 0 { throw Self.broken("\(field).per_event.per_event_micro_points", "not 0") }
      try bounds(rule.floor, rule.cap, "\(field).per_event")
    case .zScore(let rule):
      if rule.perSigma <= 0 { throw Self.broken("\(field).z_score.per_sigma_micro_points", "more than 0") }
      try bounds(rule.floor, rule.cap, "\(field).z_score")
    case .composite: throw Self.broken(field, "a composite stands only as a leaf")
    case .ratioToLeader, .peerMeanGate, .minMax, .percentile: break
    }
  }

  private func check(
    _ attainment: ScoringFunction.Attainment, of indicator: Indicator, field: String
  ) throws(DomainError) {
    switch attainment.target {
    case .fixed(let target):
      if target <= 0 { throw Self.broken("\(field).target", "more than 0") }
    case .indicator(let id):
      let target = try self.indicator(id, "\(field).target_indicator_id")
      if target.unit != indicator.unit {
        throw Self.broken(
          "\(field).target_indicator_id", "target in \(target.unit.canonical), indicator in \(indicator.unit.canonical)"
        )
      }
    }
    if attainment.thresholdPPM < 0 { throw Self.broken("\(field).threshold_ppm", "not below 0") }
    try bounds(attainment.floor, attainment.cap, field)
  }

  private func check(_ tiers: [ScoringFunction.Tier], field: String) throws(DomainError) {
    if tiers.isEmpty { throw Self.broken(field, "at least one tier") }
    guard tiers[0].lowerBound == nil else {
      throw Self.broken("\(field)[0].lower_bound", "the lowest tier has no bound, so that every value has a tier")
    }
    for index in tiers.indices.dropFirst() {
      guard let bound = tiers[index].lowerBound else {
        throw Self.broken("\(field)[\(index)].lower_bound", "only the lowest tier has no bound")
      }
      let previous = tiers[index - 1]
      if let below = previous.lowerBound {
        // Equal bounds are sensible once: "≥ 5" for one tier and "> 5" for the next.
        let ascends = below < bound || (below == bound && previous.inclusive && !tiers[index].inclusive)
        if !ascends { throw Self.broken("\(field)[\(index)].lower_bound", "tiers are listed lowest first") }
      }
    }
  }

  private mutating func check(bonuses scheme: Scheme) throws(DomainError) {
    if scheme.bonuses.isEmpty {
      if scheme.bonusCap != nil { throw Self.broken("scheme.bonus_cap_micro_points", "there are no bonuses to cap") }
      return
    }
    guard let cap = scheme.bonusCap else {
      throw Self.broken("scheme.bonus_cap_micro_points", "bonuses need a cap on their sum")
    }
    if cap <= 0 { throw Self.broken("scheme.bonus_cap_micro_points", "more than 0") }
    var ids: Set<String> = []
    for (index, bonus) in scheme.bonuses.enumerated() {
      let here = "scheme.bonuses[\(index)]"
      try count(here)
      guard EvaluationID.isNodeID(bonus.id), ids.insert(bonus.id).inserted else {
        throw Self.broken("\(here).id", "1 to 64 lower-case letters, digits and hyphens, each once")
      }
      try title(bonus.titleZH, "\(here).title_zh")
      try title(bonus.titleEN, "\(here).title_en")
      if bonus.cap <= 0 { throw Self.broken("\(here).cap_micro_points", "more than 0") }
      if case .composite = bonus.function { throw Self.broken("\(here).function", "a bonus is not a composite") }
      try check(
        bonus.function, of: try indicator(bonus.indicatorID, "\(here).indicator_id"), field: "\(here).function")
    }
  }

  private mutating func check(gates scheme: Scheme) throws(DomainError) {
    var ids: Set<String> = []
    for (index, gate) in scheme.gates.enumerated() {
      let here = "scheme.gates[\(index)]"
      try count(here)
      guard EvaluationID.isNodeID(gate.id), ids.insert(gate.id).inserted else {
        throw Self.broken("\(here).id", "1 to 64 lower-case letters, digits and hyphens, each once")
      }
      try title(gate.titleZH, "\(here).title_zh")
      try title(gate.titleEN, "\(here).title_en")
      _ = try indicator(gate.indicatorID, "\(here).indicator_id")
      switch gate.effect {
      case .zeroNode(let path):
        if !path.isEmpty, !paths.contains(path) { throw Self.broken("\(here).node_path", "no node \"\(path)\"") }
      case .worstGrade:
        if scheme.grades.isEmpty { throw Self.broken("\(here).effect", "the scheme has no grades") }
      case .outsideTable: break
      }
    }
  }

  private func check(grades scheme: Scheme) throws(DomainError) {
    if scheme.grades.isEmpty {
      if scheme.regularMinimum != nil {
        throw Self.broken("scheme.regular_minimum_micro_points", "the scheme has no grades")
      }
      return
    }
    var names: Set<String> = []
    for (index, band) in scheme.grades.enumerated() {
      let here = "scheme.grades[\(index)]"
      if !(1...32).contains(band.grade.unicodeScalars.count) || !names.insert(band.grade).inserted {
        throw Self.broken("\(here).grade", "1 to 32 characters, each grade once")
      }
      let isLast = index == scheme.grades.count - 1
      guard (band.lowerBound == nil) == isLast else {
        throw Self.broken(
          "\(here).lower_bound_micro_points",
          isLast ? "the worst grade, which comes last, has no bound" : "only the last grade has no bound")
      }
      if index > 0, let bound = band.lowerBound, let above = scheme.grades[index - 1].lowerBound, bound >= above {
        throw Self.broken("\(here).lower_bound_micro_points", "grades are listed best first")
      }
    }
  }

  private func check(totals scheme: Scheme) throws(DomainError) {
    guard (0...6).contains(scheme.decimals) else { throw Self.broken("scheme.decimals", "0 to 6") }
    if let floor = scheme.totalFloor, let cap = scheme.totalCap, floor >= cap {
      throw Self.broken("scheme.total_floor_micro_points", "below the cap")
    }
  }

  private func bounds(_ floor: Int64?, _ cap: Int64?, _ field: String) throws(DomainError) {
    if let floor, let cap, floor >= cap { throw Self.broken("\(field).floor_micro_points", "below the cap") }
  }

  private func weight(_ ppm: Int64, _ field: String, path: String) throws(DomainError) {
    guard (1...Self.weightSum).contains(ppm) else {
      throw Self.broken(field, "the weight of \"\(path)\" is \(ppm) ppm; 1 to \(Self.weightSum)")
    }
  }

  private func indicator(_ id: String, _ field: String) throws(DomainError) -> Indicator {
    guard let found = dictionary(id) else {
      throw Self.broken(field, "indicator \"\(id.prefix(64))\" is not in the dictionary")
    }
    return found
  }

  private func title(_ text: String, _ field: String) throws(DomainError) {
    do throws(DomainError) { try Indicator.requireTitle(text, field: field) } catch {
      throw Self.broken(field, error.message)
    }
  }

  private mutating func count(_ field: String) throws(DomainError) {
    nodeCount += 1
    if nodeCount > Self.maximumNodes {
      throw Self.broken(field, "more than \(Self.maximumNodes) nodes, bonuses and gates")
    }
  }
}
