package import Kernel

/// The values of every indicator of a scheme for every institution of a run, in columns, with the facts each came from.
package struct ValueGrid: Sendable {
  /// One indicator's values.
  struct Column: Sendable {
    /// 0 for institutions without a value.
    var numbers: [Int64] = []
    /// Why institutions have no value, by their index; most columns have none of them.
    var absences: [Int: ValueResolver.Absence] = [:]
    /// Where each institution's stretches of the trail begin, and one more for where the last ends.
    var trailStarts: [Int32] = [0]
    var trail = SourceTrail()
    var direction: Direction

    func number(_ institution: Int) -> Int64? {
      absences.isEmpty || absences[institution] == nil ? numbers[institution] : nil
    }

    func value(_ institution: Int) -> ValueResolver.Value {
      if let absence = absences[institution] { return .absent(absence) }
      return .present(numbers[institution])
    }

    mutating func set(_ value: ValueResolver.Value, _ institution: Int) {
      switch value {
      case .present(let number):
        numbers[institution] = number
        absences[institution] = nil
      case .absent(let absence):
        numbers[institution] = 0
        absences[institution] = absence
      }
    }
  }

  package let input: RunInput
  package private(set) var resolver: ValueResolver
  package let indicators: [String: Indicator]
  /// In the order of the scheme's indicators.
  private(set) var columns: [Column] = []
  private let indexes: [String: Int]

  package init(_ input: RunInput) throws(DomainError) {
    self.input = input
    resolver = ValueResolver(input)
    indicators = Dictionary(uniqueKeysWithValues: input.indicators.map { ($0.id, $0) })
    let ids = input.scheme.indicatorIDs
    indexes = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    columns.reserveCapacity(ids.count)
    for id in ids { columns.append(try column(id)) }
  }

  private func column(_ id: String) throws(DomainError) -> Column {
    var column = Column(direction: direction(id))
    column.numbers = [Int64](repeating: 0, count: input.institutions.count)
    column.trailStarts.reserveCapacity(input.institutions.count + 1)
    var trail: SourceTrail? = SourceTrail()
    let slot = resolver.slot(of: id)
    for institution in input.institutions.indices {
      let value =
        if let slot {
          try resolver.value(slot: slot, in: input.scope.period, institution: institution, sources: &trail)
        } else { ValueResolver.Value.absent(.noFact(indicatorID: id, period: input.scope.period)) }
      if case .present(let number) = value {
        column.numbers[institution] = number
      } else {
        column.set(value, institution)
      }
      column.trailStarts.append(Int32(trail?.stretches.count ?? 0))
    }
    column.trail = trail ?? SourceTrail()
    return column
  }

  /// The grid as it would be after a supposed change: only that institution's values are computed anew, and their trails,
  /// which the change does not touch, stay.
  func supposing(_ supposition: Supposition) throws(DomainError) -> ValueGrid {
    var grid = self
    grid.resolver.supposition = supposition
    for id in input.scheme.indicatorIDs {
      let value = try grid.resolver.value(of: id, in: input.scope.period, institution: supposition.institution)
      if let index = indexes[id], value != columns[index].value(supposition.institution) {
        grid.columns[index].set(value, supposition.institution)
      }
    }
    return grid
  }

  /// An indicator's place among the columns.
  func index(_ id: String) -> Int? { indexes[id] }

  package func value(_ id: String, _ institution: Int) -> ValueResolver.Value {
    indexes[id].map { columns[$0].value(institution) }
      ?? .absent(.noFact(indicatorID: id, period: input.scope.period))
  }

  package func number(_ id: String, _ institution: Int) -> Int64? { value(id, institution).number }

  package func direction(_ id: String) -> Direction { indicators[id]?.direction ?? .higherIsBetter }

  /// The facts that an institution's value came from, one a line.
  func sources(_ id: String, _ institution: Int) -> [String] {
    guard let index = indexes[id] else { return [] }
    let column = columns[index]
    let stretches = Int(column.trailStarts[institution])..<Int(column.trailStarts[institution + 1])
    return resolver.texts(of: column.trail.stretches[stretches])
  }
}
