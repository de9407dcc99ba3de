package import Kernel

/// RFC 4180 records from bytes: quoted fields, doubled quotes, CRLF or LF. Nothing is trimmed and nothing is guessed.
enum CSVText {
  private enum State { case plain, quoted, closed }

  /// - Throws: `DATA_REFUSED` with the line that does not fit.
  static func records(_ bytes: [UInt8]) throws(DomainError) -> [[String]] {
    var records: [[String]] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var state = State.plain
    var isOpen = false
    func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      state = .plain
    }
    for byte in bytes {
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .closed
      case (.quoted, _): field.append(byte)
      case (.closed, UInt8(ascii: "\"")):
        field.append(byte)
        state = .quoted
      case (_, UInt8(ascii: ",")):
        endField()
        isOpen = true
      case (_, UInt8(ascii: "\n")):
        endField()
        records.append(fields)
        fields.removeAll(keepingCapacity: true)
        isOpen = false
      case (_, UInt8(ascii: "\r")): break
      case (.closed, _):
        throw DomainError(.dataRefused, "record \(records.count + 1): text follows a closing quote")
      case (.plain, UInt8(ascii: "\"")) where field.isEmpty:
        state = .quoted
        isOpen = true
      case (.plain, _):
        field.append(byte)
        isOpen = true
      }
    }
    if state == .quoted { throw DomainError(.dataRefused, "record \(records.count + 1): a quoted field is not closed") }
    if isOpen {
      endField()
      records.append(fields)
    }
    return records
  }
}

/// A sample as CSV: `period,outcome,region,size`, then one column for each characteristic of the plan. `outcome` is
/// `good`, `bad` or empty; an empty characteristic is missing.
package enum FitSampleCSV {
  private static let fixed = ["period", "outcome", "region", "size"]

  /// - Throws: `DATA_REFUSED` with record and column.
  package static func rows(_ bytes: [UInt8], for plan: ScorecardPlan) throws(DomainError) -> [FitRow] {
    var records = try CSVText.records(bytes)[...]
    guard let header = records.popFirst(), Array(header.prefix(4)) == fixed else {
      throw DomainError(.dataRefused, "the header begins with \(fixed.joined(separator: ","))")
    }
    let numeric = Set(plan.characteristics.filter { !$0.unit.isEmpty }.map(\.id))
    var rows: [FitRow] = []
    for (index, record) in records.enumerated() {
      let line = "record \(index + 2)"
      guard record.count == header.count else {
        throw DomainError(.dataRefused, "\(line): \(record.count) fields instead of \(header.count)")
      }
      guard let period = Int(record[0]) else { throw DomainError(.dataRefused, "\(line): period is no whole number") }
      let outcome = Outcome(rawValue: record[1])
      guard outcome != nil || record[1].isEmpty else {
        throw DomainError(.dataRefused, "\(line): outcome is neither good nor bad nor empty")
      }
      var values: [String: RatingValue] = [:]
      for column in fixed.count..<header.count {
        let text = record[column]
        if text.isEmpty {
          values[header[column]] = .missing
        } else if numeric.contains(header[column]) {
          guard let number = Int64(text) else {
            throw DomainError(.dataRefused, "\(line): \(header[column]) is no whole number: \"\(text)\"")
          }
          values[header[column]] = .number(number)
        } else {
          values[header[column]] = .category(text)
        }
      }
      rows.append(FitRow(period: period, outcome: outcome, region: record[2], size: record[3], values: values))
    }
    return rows
  }
}
