package import Kernel

/// The frozen form of a run's inputs: everything that can change a result. The run's digest is the SHA-256 of these bytes,
/// and a run is recomputed from them.
///
/// Tab-separated lines say what the run is about, as they have done since format 1. Format 2 has its facts behind the line
/// `facts`, column by column in the order of the `indicator` lines. A column is, for every `institution` line, its periods;
/// then all values; then all versions. Numbers are varints, values zigzag. A cell's periods are 0 when they are those of the
/// cell before it in the column, else 1 + their number and for each the first month less the one before (of the first:
/// months since year 0) and the length. Versions are runs of equal ones: how many, and which.
extension RunInput {
  package static let format = "huirong-evaluation-run/2"

  package func frozenBytes(schemeDigest: String) -> [UInt8] {
    var writer = NumberWriter()
    writer.text(header(format: Self.format, schemeDigest: schemeDigest))
    writer.text("facts\t\(facts.count)\n")
    for column in facts.columns { writer.add(column, institutions: institutions.count) }
    return writer.bytes
  }

  private func header(format: String, schemeDigest: String) -> String {
    var text = "\(format)\n"
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
    return text
  }

  private static func escaped(_ text: String) -> String {
    // Titles hold no control characters; a tab here would be a broken invariant, and spaces keep the line whole.
    String(text.map { $0 == "\t" || $0 == "\n" ? " " : $0 })
  }

  /// Reads a frozen form of either format back. The scheme and the indicators' titles come from the store, where versions
  /// never change.
  /// - Throws: `CHAIN_BROKEN` when the bytes are no frozen form.
  package init(
    frozenBytes bytes: [UInt8], scheme: Scheme, dictionary: (String) -> Indicator?
  ) throws(DomainError) {
    var reader = NumberReader(bytes)
    var header = FrozenHeader()
    let format = try reader.line()
    var factCount: Int?
    while factCount == nil, !reader.isAtEnd {
      let fields = try reader.line()
      if fields.count == 2, fields[0] == "facts", format == [Self.format] {
        factCount = Int(fields[1])
        if factCount == nil { throw FrozenHeader.broken }
      } else {
        try header.take(fields)
      }
    }
    let indicators = try header.indicators(dictionary)
    let columns: FactColumns
    switch format {
    case [Self.format]:
      guard let factCount, header.facts.isEmpty else { throw FrozenHeader.broken }
      var read: [FactColumn] = []
      for _ in indicators { read.append(try reader.column(institutions: header.institutions.count)) }
      columns = FactColumns(read)
      guard columns.count == factCount, reader.isAtEnd else { throw FrozenHeader.broken }
    case [FrozenHeader.firstFormat]:
      columns = try FactColumns(header.facts, indicators: indicators, institutions: header.institutions)
    default: throw FrozenHeader.broken
    }
    self.init(
      frozen: scheme, scope: try header.scope(), policyDigest: header.policyDigest, indicators: indicators,
      institutions: header.institutions, facts: columns)
  }
}

/// The lines of a frozen form. In format 1 every fact was a line of its own.
private struct FrozenHeader {
  static let firstFormat = "huirong-evaluation-run/1"
  static let broken = DomainError(.chainBroken, "the frozen inputs of the run are not readable")

  private var period: Period?
  private var peerGroup = ""
  private var only: [String] = []
  private(set) var policyDigest = ""
  private var indicatorIDs: [String] = []
  private(set) var institutions: [Institution] = []
  private(set) var facts: [InputFact] = []
  private var periods: [String: Period] = [:]

  mutating func take(_ fields: [String]) throws(DomainError) {
    switch (fields[0], fields.count) {
    case ("fact", 6): try takeFact(fields)
    case ("institution", 7):
      guard let firstYear = Int(fields[5]) else { throw FrozenHeader.broken }
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
    case ("scheme", 4): break
    default: throw FrozenHeader.broken
    }
  }

  private mutating func takeFact(_ fields: [String]) throws(DomainError) {
    guard let value = Int64(fields[4]), let version = Int64(fields[5]) else { throw FrozenHeader.broken }
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

  func indicators(_ dictionary: (String) -> Indicator?) throws(DomainError) -> [Indicator] {
    var indicators: [Indicator] = []
    for id in indicatorIDs {
      guard let indicator = dictionary(id) else { throw FrozenHeader.broken }
      indicators.append(indicator)
    }
    return indicators
  }

  func scope() throws(DomainError) -> RunScope {
    guard let period else { throw FrozenHeader.broken }
    return RunScope(period: period, peerGroup: peerGroup, institutionIDs: only)
  }
}

extension NumberWriter {
  fileprivate mutating func add(_ column: FactColumn, institutions: Int) {
    var before = 0..<0
    for institution in 0..<institutions {
      let cell = column.cell(institution)
      if column.periods[cell] == column.periods[before] {
        unsigned(0)
      } else {
        unsigned(UInt64(cell.count) + 1)
        var month: UInt32 = 0
        for period in column.periods[cell] {
          unsigned(UInt64(period >> 16 - month))
          unsigned(UInt64(period & 0xFFFF))
          month = period >> 16
        }
      }
      before = cell
    }
    signed(column.values)
    var start = 0
    while start < column.count {
      let version = column.versions[start]
      let end = column.versions[start...].firstIndex { $0 != version } ?? column.count
      unsigned(UInt64(end - start))
      unsigned(UInt64(version))
      start = end
    }
  }
}

extension NumberReader {
  fileprivate mutating func column(institutions: Int) throws(DomainError) -> FactColumn {
    var starts: [Int32] = [0]
    var periods: [UInt32] = []
    var isMonthly = true
    var before = 0..<0
    for _ in 0..<institutions {
      let start = periods.count
      let length = try count()
      if length == 0 {
        periods += Array(periods[before])
      } else {
        var month: UInt64 = 0
        for _ in 1..<length {
          let (step, months) = (try unsigned(), try unsigned())
          guard step < 1 << 15, month + step < 1 << 15, (1..<1 << 15).contains(months) else {
            throw FrozenHeader.broken
          }
          month += step
          periods.append(UInt32(month) << 16 | UInt32(months))
          if months != 1 { isMonthly = false }
        }
      }
      before = start..<periods.count
      guard let end = Int32(exactly: periods.count) else { throw FrozenHeader.broken }
      starts.append(end)
    }
    var values: [Int64] = []
    values.reserveCapacity(periods.count)
    for _ in periods { values.append(try signed()) }
    var versions: [UInt32] = []
    versions.reserveCapacity(periods.count)
    while versions.count < periods.count {
      let run = try unsigned()
      guard run > 0, run <= UInt64(periods.count - versions.count), let version = UInt32(exactly: try unsigned())
      else { throw FrozenHeader.broken }
      versions += repeatElement(version, count: Int(run))
    }
    return FactColumn(starts: starts, periods: periods, values: values, versions: versions, isMonthly: isMonthly)
  }
}
