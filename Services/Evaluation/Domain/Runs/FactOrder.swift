/// Brings facts into the order of a run's inputs (institution, indicator, period) and leaves out what the run does not
/// read. Facts are counted into cells, one for each institution and indicator, instead of being compared by their ids.
struct FactOrder {
  private let institutions: [String: Int]
  private let indicators: [String: Int]
  private let readings: [RunNeeds.Reading]

  /// - Parameter institutions: under evaluation, by id.
  init(needs: RunNeeds, institutions: [Institution]) {
    var places: [String: Int] = [:]
    for (place, institution) in institutions.enumerated() { places[institution.id] = place }
    self.institutions = places
    var columns: [String: Int] = [:]
    for (column, indicator) in needs.indicators.enumerated() { columns[indicator.id] = column }
    indicators = columns
    readings = needs.indicators.map(needs.reading)
  }

  func ordered(_ facts: [InputFact]) -> [InputFact] {
    let cells = cells(of: facts)
    var starts = [Int](repeating: 0, count: institutions.count * readings.count + 1)
    for cell in cells where cell >= 0 { starts[cell + 1] += 1 }
    for cell in starts.indices.dropFirst() { starts[cell] += starts[cell - 1] }
    var sources = [Int](repeating: 0, count: starts.last ?? 0)
    var next = starts
    for (index, cell) in cells.enumerated() where cell >= 0 {
      sources[next[cell]] = index
      next[cell] += 1
    }
    var result = sources.map { facts[$0] }
    for cell in starts.indices.dropLast() {
      let (low, high) = (starts[cell], starts[cell + 1])
      var isSorted = true
      for index in low..<high where index > low && result[index].period < result[index - 1].period { isSorted = false }
      if !isSorted { result[low..<high].sort { $0.period < $1.period } }
    }
    return result
  }

  /// The cell of each fact, −1 for one that is not read. Facts mostly come in runs of one institution and indicator.
  private func cells(of facts: [InputFact]) -> [Int] {
    var institution: (id: String, place: Int?) = ("", institutions[""])
    var indicator: (id: String, column: Int?) = ("", indicators[""])
    return facts.map { fact in
      if fact.institutionID != institution.id {
        institution = (fact.institutionID, institutions[fact.institutionID])
      }
      if fact.indicatorID != indicator.id { indicator = (fact.indicatorID, indicators[fact.indicatorID]) }
      guard let place = institution.place, let column = indicator.column, readings[column].reads(fact.period) else {
        return -1
      }
      return place * readings.count + column
    }
  }
}
