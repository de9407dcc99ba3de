package import Kernel

/// The facts of one indicator for a run's institutions: one cell after another in the order of the institutions, each in
/// the order of its periods.
package struct FactColumn: Hashable, Sendable {
  /// Where each institution's cell begins, and one more for where the last ends.
  package fileprivate(set) var starts: [Int32]
  /// As `Period.packed`.
  package fileprivate(set) var periods: [UInt32]
  package fileprivate(set) var values: [Int64]
  package fileprivate(set) var versions: [UInt32]
  /// No value is of more than a month.
  package fileprivate(set) var isMonthly: Bool

  init(starts: [Int32], periods: [UInt32], values: [Int64], versions: [UInt32], isMonthly: Bool) {
    self.starts = starts
    self.periods = periods
    self.values = values
    self.versions = versions
    self.isMonthly = isMonthly
  }

  package var count: Int { values.count }

  /// Positions of an institution's facts.
  func cell(_ institution: Int) -> Range<Int> { Int(starts[institution])..<Int(starts[institution + 1]) }
}

/// What a run reads, in columns: one for each indicator. Numbers only, so that millions of facts are frozen, added up and
/// explained without a text for each.
package struct FactColumns: Hashable, Sendable {
  /// In the order of the run's indicators.
  package private(set) var columns: [FactColumn]

  init(_ columns: [FactColumn]) { self.columns = columns }

  /// Facts in the run.
  package var count: Int { columns.reduce(0) { $0 + $1.count } }

  /// Where the value of an institution for exactly that period stands.
  package func position(column: Int, institution: Int, period: Period) -> Int? {
    let facts = columns[column]
    return facts.cell(institution).first { facts.periods[$0] == period.packed }
  }

  package mutating func setValue(_ value: Int64, column: Int, at position: Int) {
    columns[column].values[position] = value
  }
}

extension FactColumns {
  /// Brings facts into order and leaves out what the run does not read.
  /// - Parameter institutions: under evaluation, by id.
  package init(_ facts: [InputFact], needs: RunNeeds, institutions: [Institution]) throws(DomainError) {
    let readings = needs.indicators.map(needs.reading)
    try self.init(facts, indicators: needs.indicators, institutions: institutions) { column, period in
      readings[column].reads(period)
    }
  }

  /// Facts are counted into cells, one for each indicator and institution, instead of being compared by their ids.
  package init(
    _ facts: [InputFact], indicators: [Indicator], institutions: [Institution],
    reads: (_ column: Int, Period) -> Bool = { _, _ in true }
  ) throws(DomainError) {
    var places: [String: Int] = [:]
    for (place, institution) in institutions.enumerated() { places[institution.id] = place }
    var slots: [String: Int] = [:]
    for (slot, indicator) in indicators.enumerated() { slots[indicator.id] = slot }
    var cells = [[(period: UInt32, value: Int64, version: UInt32)]](
      repeating: [], count: indicators.count * institutions.count)
    for fact in facts {
      guard let place = places[fact.institutionID], let slot = slots[fact.indicatorID], reads(slot, fact.period) else {
        continue
      }
      guard let version = UInt32(exactly: fact.version) else { throw .amountOverflow("version \(fact.version)") }
      cells[slot * institutions.count + place].append((fact.period.packed, fact.value, version))
    }
    self.init(
      indicators.indices.map { slot in
        var builder = FactColumnBuilder(institutions: institutions.count)
        for place in institutions.indices {
          let cell = cells[slot * institutions.count + place].sorted { $0.period < $1.period }
          for fact in cell { builder.append(period: fact.period, value: fact.value, version: fact.version) }
          builder.endCell()
        }
        return builder.column
      })
  }

  /// The columns as single facts, institution by institution.
  package func facts(indicators: [Indicator], institutions: [Institution]) -> [InputFact] {
    var facts: [InputFact] = []
    facts.reserveCapacity(count)
    for (place, institution) in institutions.enumerated() {
      for (column, indicator) in zip(columns, indicators) {
        for position in column.cell(place) {
          facts.append(
            InputFact(
              institutionID: institution.id, indicatorID: indicator.id,
              period: Period(packed: column.periods[position]), value: column.values[position],
              version: Int64(column.versions[position])))
        }
      }
    }
    return facts
  }
}

/// Takes a column cell by cell.
struct FactColumnBuilder {
  private(set) var column: FactColumn

  init(institutions: Int) {
    column = FactColumn(starts: [0], periods: [], values: [], versions: [], isMonthly: true)
    column.starts.reserveCapacity(institutions + 1)
  }

  mutating func reserve(_ facts: Int) {
    column.periods.reserveCapacity(facts)
    column.values.reserveCapacity(facts)
    column.versions.reserveCapacity(facts)
  }

  /// The next fact of the open cell.
  mutating func append(period: UInt32, value: Int64, version: UInt32) {
    column.periods.append(period)
    column.values.append(value)
    column.versions.append(version)
    if period & 0xFFFF != 1 { column.isMonthly = false }
  }

  /// Facts of a series that follow one another.
  mutating func append(_ range: Range<Int>, of series: IndicatorSeries) {
    column.periods += series.periods[range]
    column.values += series.values[range]
    column.versions += series.versions[range]
    if !series.isMonthly { column.isMonthly = false }
  }

  mutating func endCell() { column.starts.append(Int32(column.values.count)) }
}
