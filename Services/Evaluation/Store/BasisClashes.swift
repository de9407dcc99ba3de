package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func basisClashes(concept: String) async throws -> [BasisClash] {
    try await store.read { session in
      var clashes = BasisClash.all(among: try DictionarySQL.allIndicators(session).values, concept: concept)
      for index in clashes.indices where clashes[index].isComparable {
        try ClashSQL.compare(&clashes[index], session)
      }
      return clashes
    }
  }
}

private enum ClashSQL {
  /// Reads the indicators' values side by side, institution by institution and period by period.
  static func compare(_ clash: inout BasisClash, _ session: ReadSession) throws {
    let ids = clash.indicators.map(\.id)
    var places: [String: Int] = [:]
    for (place, id) in ids.enumerated() { places[id] = place }
    var open: (institution: String, code: Int64, values: [Int64?])?
    func close() throws {
      guard let group = open else { return }
      let values = group.values.compactMap { $0 }
      guard values.count == ids.count else { return }
      clash.compare(
        BasisClash.Divergence(
          institutionID: group.institution, period: try Period(code: group.code), values: values))
    }
    let marks = ids.map { _ in "?" }.joined(separator: ", ")
    try session.scan(
      """
      SELECT institution.id, fact.period_code, indicator.id, fact.value FROM indicator
      JOIN fact ON fact.indicator_key = indicator.indicator_key
      JOIN institution ON institution.institution_key = fact.institution_key
      WHERE indicator.id IN (\(marks)) ORDER BY institution.id, fact.period_code
      """, ids.map(SQLValue.text)
    ) { row in
      let (institution, code) = (try row.text(0), try row.int64(1))
      if open?.institution != institution || open?.code != code {
        try close()
        open = (institution, code, Array(repeating: nil, count: ids.count))
      }
      if let place = places[try row.text(2)] { open?.values[place] = try row.int64(3) }
      return true
    }
    try close()
  }
}
