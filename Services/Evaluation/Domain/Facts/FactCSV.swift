package import Kernel

/// A submission as CSV (RFC 4180): every row is read or refused by itself.
package struct FactCSV: Sendable {
  package struct Row: Sendable, Hashable {
    /// Line of the file on which the row begins; the header is on line 1.
    package var line: Int
    package var content: Content
  }

  package enum Content: Sendable, Hashable {
    case fact(FactInput)
    case refused(FactRefusalReason, String)
  }

  package enum Column: String, CaseIterable {
    case institution = "institution_id"
    case indicator = "indicator_id"
    case period, value, unit
    case currency = "currency_code"
    case correction, reason
    case evidenceKind = "evidence_kind"
    case evidenceReference = "evidence_reference"

    var isRequired: Bool {
      switch self {
      case .institution, .indicator, .period, .value, .unit: true
      case .currency, .correction, .reason, .evidenceKind, .evidenceReference: false
      }
    }
  }

  package let rows: [Row]

  /// - Throws: `INVALID_ARGUMENT` when the file as a whole is not readable; `BATCH_TOO_LARGE`.
  package init(_ bytes: [UInt8]) throws(DomainError) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalid("csv", "is not UTF-8") }
    var records = try Self.records(text)
    guard !records.isEmpty else { throw .invalid("csv", "has no header") }
    let header = try Self.header(records.removeFirst().fields)
    guard !records.isEmpty else { throw .invalid("csv", "has no rows") }
    guard records.count <= FactInput.maximumBatch else {
      throw DomainError(.batchTooLarge, "at most \(FactInput.maximumBatch) rows, not \(records.count)", field: "csv")
    }
    rows = records.map { Row(line: $0.line, content: Self.read($0.fields, header)) }
  }

  private static func header(_ fields: [String]) throws(DomainError) -> [Column] {
    var columns: [Column] = []
    for name in fields {
      guard let column = Column(rawValue: name), !columns.contains(column) else {
        throw .invalid("csv", "the header names \"\(name.prefix(64))\", which is no column or occurs twice")
      }
      columns.append(column)
    }
    for column in Column.allCases where column.isRequired && !columns.contains(column) {
      throw .invalid("csv", "the header lacks \(column.rawValue)")
    }
    return columns
  }

  private static func read(_ fields: [String], _ header: [Column]) -> Content {
    guard fields.count == header.count else {
      return .refused(.malformedRow, "\(fields.count) fields under a header of \(header.count)")
    }
    var texts: [Column: String] = [:]
    for (column, field) in zip(header, fields) { texts[column] = field }
    func text(_ column: Column) -> String { texts[column] ?? "" }
    guard let value = number(text(.value)) else {
      return .refused(.notANumber, "\"\(text(.value).prefix(32))\" is not a whole number")
    }
    let isCorrection: Bool
    switch text(.correction) {
    case "", "false": isCorrection = false
    case "true": isCorrection = true
    default: return .refused(.malformedRow, "correction is true, false or empty")
    }
    let evidence: String
    switch (text(.evidenceKind), text(.evidenceReference)) {
    case ("", ""): evidence = ""
    case (let kind, let reference) where !kind.isEmpty && !reference.isEmpty: evidence = "\(kind) \(reference)"
    default: return .refused(.malformedRow, "evidence has a kind and a reference")
    }
    guard isPlain(evidence, FactInput.maximumEvidenceLength), isPlain(text(.reason), FactInput.maximumReasonLength)
    else { return .refused(.malformedRow, "evidence or reason is too long or has control characters") }
    return .fact(
      FactInput(
        institutionID: text(.institution), indicatorID: text(.indicator), period: text(.period), value: value,
        unit: unit(text(.unit), currency: text(.currency)), isCorrection: isCorrection, evidence: evidence,
        reason: text(.reason)))
  }

  /// Digits with an optional minus sign: "NaN", "1.5", "1,000", "+1" and nothing at all are not numbers here.
  private static func number(_ text: String) -> Int64? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text)
  }

  private static func unit(_ text: String, currency: String) -> IndicatorUnit? {
    switch text {
    case "money": (try? Currency(currency)).map(IndicatorUnit.money)
    case "count" where currency.isEmpty: .count
    case "ppm" where currency.isEmpty: .ppm
    case "days" where currency.isEmpty: .days
    case "micro-points" where currency.isEmpty: .microPoints
    default: nil
    }
  }

  private static func isPlain(_ text: String, _ maximum: Int) -> Bool {
    text.unicodeScalars.count <= maximum && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }
}

extension FactCSV {
  /// Splits RFC 4180 into records with the line each begins on. Empty lines are no records.
  private static func records(_ text: String) throws(DomainError) -> [(line: Int, fields: [String])] {
    var reader = RecordReader()
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    for byte in bytes { try reader.take(byte) }
    return try reader.finish()
  }

  private struct RecordReader {
    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private var records: [(line: Int, fields: [String])] = []
    private var fields: [String] = []
    private var field: [UInt8] = []
    private var state = State.fieldStart
    /// A carriage return ends a line together with the line feed behind it, and stands nowhere else.
    private var sawReturn = false
    private var line = 1
    private var firstLine = 1

    mutating func take(_ byte: UInt8) throws(DomainError) {
      if sawReturn, byte != UInt8(ascii: "\n") {
        throw .invalid("csv", "line \(line): a carriage return inside a field")
      }
      sawReturn = false
      switch (state, byte) {
      case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
      case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
      case (.quoteInQuoted, UInt8(ascii: "\"")):
        field.append(byte)
        state = .quoted
      case (.quoted, _): field.append(byte)
      case (_, UInt8(ascii: ",")): endField()
      case (_, UInt8(ascii: "\n")): endRecord()
      case (_, UInt8(ascii: "\r")): sawReturn = true
      case (.quoteInQuoted, _), (.plain, UInt8(ascii: "\"")):
        throw .invalid("csv", "line \(line): a quote inside a field")
      default:
        field.append(byte)
        state = .plain
      }
      if byte == UInt8(ascii: "\n") {
        line += 1
        if fields.isEmpty, field.isEmpty, state == .fieldStart { firstLine = line }
      }
    }

    private mutating func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      state = .fieldStart
    }

    private mutating func endRecord() {
      let isEmptyLine = fields.isEmpty && field.isEmpty && state == .fieldStart
      endField()
      if !isEmptyLine { records.append((firstLine, fields)) }
      fields = []
    }

    mutating func finish() throws(DomainError) -> [(line: Int, fields: [String])] {
      if state == .quoted { throw .invalid("csv", "line \(firstLine): a quote is not closed") }
      endRecord()
      return records
    }
  }
}

/// What became of every row of a file.
package struct FactImport: Sendable, Hashable {
  package struct Line: Sendable, Hashable {
    package var line: Int
    package var outcome: FactOutcome
  }
  package var lines: [Line]

  /// - Parameter outcomes: of the rows that could be read, in their order.
  package init(_ csv: FactCSV, outcomes: [FactOutcome]) {
    var rest = outcomes[...]
    lines = csv.rows.map { row in
      switch row.content {
      case .refused(let reason, let message): Line(line: row.line, outcome: .refused(reason, message))
      case .fact: Line(line: row.line, outcome: rest.popFirst() ?? .unchanged)
      }
    }
  }

  package var receipt: FactReceipt { FactReceipt(lines.map(\.outcome)) }
}

extension FactCSV {
  package var facts: [FactInput] {
    rows.compactMap { row in
      if case .fact(let fact) = row.content { fact } else { nil }
    }
  }
}
