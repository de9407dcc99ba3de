package import Kernel

/// The frozen form of a run's inputs: tab-separated lines, everything that can change a result. The run's digest is the
/// SHA-256 of these bytes, and a run is recomputed from them.
extension RunInput {
  package static let format = "huirong-evaluation-run/1"

  package func canonicalText(schemeDigest: String) -> String {
    var text = "\(Self.format)\n"
    text += "engine\t\(ScoringEngine.version)\n"
    text += "policy\t\(Self.escaped(policyDigest))\n"
    text += "scheme\t\(scheme.id)\t\(scheme.version)\t\(schemeDigest)\n"
    text += "period\t\(scope.period)\n"
    text += "peer-group\t\(scope.peerGroup)\n"
    for id in scope.institutionIDs { text += "only\t\(id)\n" }
    for indicator in indicators {
      text += "indicator\t\(indicator.id)\t\(indicator.unit.canonical)\t\(indicator.direction.rawValue)\t"
      text += "\(indicator.source.canonical)\t\(indicator.aggregation.rawValue)\t\(indicator.absentIsZero)\n"
    }
    for institution in institutions {
      text += "institution\t\(institution.id)\t\(institution.peerGroup)\t\(institution.regionCode)\t"
      text += "\(institution.type)\t\(institution.firstYear)\t\(Self.escaped(institution.title))\n"
    }
    for fact in facts {
      text += "fact\t\(fact.institutionID)\t\(fact.indicatorID)\t\(fact.period)\t\(fact.value)\t\(fact.version)\n"
    }
    return text
  }

  /// Reads a frozen form back. The scheme and the indicators' titles come from the store, where versions never change.
  /// - Throws: `CHAIN_BROKEN` when the text is not what `canonicalText` writes.
  package init(
    canonicalText text: String, scheme: Scheme, dictionary: (String) -> Indicator?
  ) throws(DomainError) {
    var reader = FrozenReader()
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      try reader.take(
        line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
          String(decoding: $0, as: UTF8.self)
        })
    }
    self = try reader.finish(scheme: scheme, dictionary: dictionary)
  }

  private static func escaped(_ text: String) -> String {
    // Titles hold no control characters; a tab here would be a broken invariant, and spaces keep the line whole.
    String(text.map { $0 == "\t" || $0 == "\n" ? " " : $0 })
  }
}

private struct FrozenReader {
  private var period: Period?
  private var peerGroup = ""
  private var only: [String] = []
  private var policyDigest = ""
  private var indicatorIDs: [String] = []
  private var institutions: [Institution] = []
  private var facts: [InputFact] = []
  private var periods: [String: Period] = [:]

  private static let broken = DomainError(.chainBroken, "the frozen inputs of the run are not readable")

  mutating func take(_ fields: [String]) throws(DomainError) {
    switch (fields[0], fields.count) {
    case ("fact", 6): try takeFact(fields)
    case ("institution", 7):
      guard let firstYear = Int(fields[5]) else { throw Self.broken }
      institutions.append(
        Institution(
          id: fields[1], title: fields[6], peerGroup: fields[2], regionCode: fields[3], type: fields[4],
          firstYear: firstYear, createTime: Instant(microseconds: 0)))
    case ("indicator", 7): indicatorIDs.append(fields[1])
    case ("period", 2): period = try Period(fields[1])
    case ("peer-group", 2): peerGroup = fields[1]
    case ("only", 2): only.append(fields[1])
    case ("policy", 2): policyDigest = fields[1]
    case ("engine", 2):
      guard fields[1] == ScoringEngine.version else {
        throw DomainError(
          .stateConflict, "the run was computed by engine \(fields[1]); this is engine \(ScoringEngine.version)")
      }
    case (RunInput.format, 1), ("scheme", 4): break
    default: throw Self.broken
    }
  }

  private mutating func takeFact(_ fields: [String]) throws(DomainError) {
    guard let value = Int64(fields[4]), let version = Int64(fields[5]) else { throw Self.broken }
    let period: Period
    if let known = periods[fields[3]] {
      period = known
    } else {
      period = try Period(fields[3])
      periods[fields[3]] = period
    }
    facts.append(
      InputFact(institutionID: fields[1], indicatorID: fields[2], period: period, value: value, version: version))
  }

  func finish(scheme: Scheme, dictionary: (String) -> Indicator?) throws(DomainError) -> RunInput {
    guard let period else { throw Self.broken }
    var indicators: [Indicator] = []
    for id in indicatorIDs {
      guard let indicator = dictionary(id) else { throw Self.broken }
      indicators.append(indicator)
    }
    return RunInput(
      frozen: scheme, scope: RunScope(period: period, peerGroup: peerGroup, institutionIDs: only),
      policyDigest: policyDigest, indicators: indicators, institutions: institutions, facts: facts)
  }
}
