package import Kernel

/// Where a rule comes from, as printed beside a score.
package struct RuleCitation: Hashable, Sendable, Codable {
  package var ruleID: String
  package var document: String
  package var article: String
  package var quote: String
  package init(ruleID: String, document: String, article: String, quote: String) {
    self.ruleID = ruleID
    self.document = document
    self.article = article
    self.quote = quote
  }
}

/// A node of a scheme's tree: a dimension with children, or a leaf that scores an indicator.
package struct SchemeNode: Hashable, Sendable, Codable {
  package enum Content: Hashable, Sendable, Codable {
    case dimension([SchemeNode])
    /// `indicatorID` and `missing` are `nil` for a composite, whose parts have their own.
    case leaf(indicatorID: String?, function: ScoringFunction, missing: MissingPolicy?)
  }
  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var weightPPM: Int64
  package var content: Content
  package var citation: RuleCitation?

  package init(
    id: String, titleZH: String, titleEN: String, weightPPM: Int64, content: Content, citation: RuleCitation? = nil
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.weightPPM = weightPPM
    self.content = content
    self.citation = citation
  }
}

/// Points above the regular score.
package struct Bonus: Hashable, Sendable, Codable {
  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var indicatorID: String
  package var function: ScoringFunction
  package var cap: Int64
  package var missing: MissingPolicy
  package var citation: RuleCitation?

  package init(
    id: String, titleZH: String, titleEN: String, indicatorID: String, function: ScoringFunction, cap: Int64,
    missing: MissingPolicy, citation: RuleCitation? = nil
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.indicatorID = indicatorID
    self.function = function
    self.cap = cap
    self.missing = missing
    self.citation = citation
  }
}

/// A condition that overrides points.
package struct Gate: Hashable, Sendable, Codable {
  package enum Comparison: String, Hashable, Sendable, Codable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    package func holds(_ value: Int64, _ bound: Int64) -> Bool {
      switch self {
      case .less: value < bound
      case .lessOrEqual: value <= bound
      case .greater: value > bound
      case .greaterOrEqual: value >= bound
      }
    }
  }
  package enum Effect: Hashable, Sendable, Codable {
    /// An empty path is the whole regular score.
    case zeroNode(path: String)
    case worstGrade
    case outsideTable
  }
  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var indicatorID: String
  package var comparison: Comparison
  package var bound: Int64
  package var effect: Effect
  package var citation: RuleCitation?

  package init(
    id: String, titleZH: String, titleEN: String, indicatorID: String, comparison: Comparison, bound: Int64,
    effect: Effect, citation: RuleCitation? = nil
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.indicatorID = indicatorID
    self.comparison = comparison
    self.bound = bound
    self.effect = effect
    self.citation = citation
  }
}

/// One grade; bands are listed best first and the last has no lower bound.
package struct GradeBand: Hashable, Sendable, Codable {
  package var grade: String
  package var lowerBound: Int64?
  package var inclusive: Bool
  package init(grade: String, lowerBound: Int64?, inclusive: Bool) {
    self.grade = grade
    self.lowerBound = lowerBound
    self.inclusive = inclusive
  }
}

package enum TieRule: Hashable, Sendable, Codable {
  /// 1, 2, 2, 4.
  case standard
  /// 1, 2, 2, 3.
  case dense
  /// By these indicators in order; those equal in all share a rank as in `standard`.
  case tieBreakers([String])
}

package enum TableScope: String, Hashable, Sendable, Codable {
  case whole
  case peerGroup = "peer_group"
}

/// How an evaluation is done, as data. A version never changes once it is stored.
package struct Scheme: Hashable, Sendable, Codable {
  package var id: String
  package var version: Int
  package var titleZH: String
  package var titleEN: String
  package var nodes: [SchemeNode]
  package var bonuses: [Bonus] = []
  package var bonusCap: Int64?
  package var totalFloor: Int64?
  package var totalCap: Int64?
  package var gates: [Gate] = []
  package var grades: [GradeBand] = []
  /// A regular score below it has the worst grade whatever the bonus.
  package var regularMinimum: Int64?
  package var tableScope: TableScope
  package var tieRule: TieRule
  /// Decimals of the published total, 0 to 6.
  package var decimals: Int
  package var excludeFirstYear: Bool = false
  package var regionPrefixes: [String] = []
  package var types: [String] = []
  package var citation: RuleCitation?
  package var createTime: Instant

  package init(
    id: String, version: Int, titleZH: String, titleEN: String, nodes: [SchemeNode], tableScope: TableScope,
    tieRule: TieRule, decimals: Int, createTime: Instant
  ) {
    self.id = id
    self.version = version
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.nodes = nodes
    self.tableScope = tableScope
    self.tieRule = tieRule
    self.decimals = decimals
    self.createTime = createTime
  }

  /// Every indicator the scheme reads directly, sorted.
  package var indicatorIDs: [String] {
    var ids: Set<String> = []
    func visit(_ node: SchemeNode) {
      switch node.content {
      case .dimension(let children): children.forEach(visit)
      case .leaf(let indicatorID, let function, _):
        if let indicatorID { ids.insert(indicatorID) }
        ids.formUnion(function.furtherIndicators)
      }
    }
    nodes.forEach(visit)
    for bonus in bonuses {
      ids.insert(bonus.indicatorID)
      ids.formUnion(bonus.function.furtherIndicators)
    }
    ids.formUnion(gates.map(\.indicatorID))
    if case .tieBreakers(let breakers) = tieRule { ids.formUnion(breakers) }
    return ids.sorted()
  }

  /// Whether an institution is evaluated at all under this scheme.
  package func covers(_ institution: Institution) -> Bool {
    (types.isEmpty || types.contains(institution.type))
      && (regionPrefixes.isEmpty || regionPrefixes.contains { institution.regionCode.hasPrefix($0) })
  }
}
