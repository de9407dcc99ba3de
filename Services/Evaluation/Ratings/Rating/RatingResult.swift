package import Kernel

/// What a scorecard says of one firm.
package struct RatingResult: Sendable, Hashable, Codable {
  package struct Contribution: Sendable, Hashable, Codable {
    package var characteristicID: String
    package var bin: String
    package var points: Int64
    package var bestPoints: Int64
  }

  /// Points lost against a characteristic's best bin.
  package struct Reason: Sendable, Hashable, Codable {
    package var characteristicID: String
    package var lostPoints: Int64
    package var bin: String
    package var bestBin: String
    /// The loss is one of not knowing the value.
    package var isMissing: Bool
    package var titleZH: String
    package var titleEN: String
  }

  package var total: Int64
  package var grade: String
  package var platformGrade: PlatformGrade?
  /// In the scorecard's order.
  package var contributions: [Contribution]
  /// Largest losses first; equal losses in the scorecard's order.
  package var reasons: [Reason]
  /// `nil` with the best grade.
  package var pointsToNextGrade: Int64?
}

extension Scorecard {
  /// Most reasons that a rating states.
  package static let maximumReasons = 5

  /// Rates one firm.
  /// - Parameter inputs: exactly one value for each characteristic, `missing` included.
  /// - Throws: `INVALID_ARGUMENT` or `REQUIRED_FIELD_MISSING` with the path of the input.
  package func rate(_ inputs: [(id: String, value: RatingValue)]) throws(DomainError) -> RatingResult {
    let values = try valuesInOrder(inputs)
    var total = constantPoints
    var contributions: [RatingResult.Contribution] = []
    var reasons: [RatingResult.Reason] = []
    for (characteristic, value) in zip(characteristics, values) {
      guard let index = characteristic.binIndex(of: value), let best = characteristic.bestBin else {
        throw .invalid("inputs", "\(characteristic.id) takes \(characteristic.isNumeric ? "a number" : "a category")")
      }
      let bin = characteristic.bins[index]
      total += bin.points
      contributions.append(
        RatingResult.Contribution(
          characteristicID: characteristic.id, bin: bin.label, points: bin.points, bestPoints: best.points))
      if bin.points < best.points {
        reasons.append(
          RatingResult.Reason(
            characteristicID: characteristic.id, lostPoints: best.points - bin.points, bin: bin.label,
            bestBin: best.label, isMissing: bin.cover == .missing, titleZH: characteristic.titleZH,
            titleEN: characteristic.titleEN))
      }
    }
    let order = reasons.indices.sorted {
      (reasons[$1].lostPoints, $0) < (reasons[$0].lostPoints, $1)
    }
    let place = gradeIndex(of: total)
    return RatingResult(
      total: total, grade: grades[place].grade, platformGrade: platformGrade(of: total), contributions: contributions,
      reasons: order.prefix(Self.maximumReasons).map { reasons[$0] },
      pointsToNextGrade: place == 0 ? nil : grades[place - 1].minimum.map { $0 - total })
  }

  /// Position of the grade that a total gets.
  package func gradeIndex(of total: Int64) -> Int {
    grades.firstIndex { cut in cut.minimum.map { total >= $0 } ?? true } ?? grades.count - 1
  }

  package func platformGrade(of total: Int64) -> PlatformGrade? {
    platformGrades.first { cut in cut.minimum.map { total >= $0 } ?? true }?.grade
  }

  /// The inputs' values in the scorecard's order.
  package func valuesInOrder(_ inputs: [(id: String, value: RatingValue)]) throws(DomainError) -> [RatingValue] {
    var given: [String: RatingValue] = [:]
    for (index, input) in inputs.enumerated() {
      let path = "inputs[\(index)]"
      guard let characteristic = characteristics.first(where: { $0.id == input.id }) else {
        throw .invalid("\(path).characteristic_id", "the scorecard has no characteristic \"\(input.id)\"")
      }
      guard given.updateValue(input.value, forKey: input.id) == nil else {
        throw .invalid("\(path).characteristic_id", "\"\(input.id)\" is given twice")
      }
      switch input.value {
      case .number where !characteristic.isNumeric: throw .invalid("\(path).number", "\(input.id) takes a category")
      case .category where characteristic.isNumeric: throw .invalid("\(path).category", "\(input.id) takes a number")
      case .category(let name) where name.isEmpty:
        throw .invalid("\(path).category", "an empty category is no value; say that it is missing")
      case .number, .category, .missing: break
      }
    }
    var values: [RatingValue] = []
    for characteristic in characteristics {
      guard let value = given[characteristic.id] else {
        throw DomainError(
          .requiredFieldMissing, "\(characteristic.id) is not given; say that it is missing when it is",
          field: "inputs", metadata: ["characteristic": characteristic.id])
      }
      values.append(value)
    }
    return values
  }
}
