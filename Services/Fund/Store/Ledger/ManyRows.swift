import Storage

/// One INSERT for many rows of a table: sixteen to a statement while they last, then two, then one. A statement costs
/// more than the rows in it.
struct ManyRows {
  private static let sizes = [16, 2, 1]

  private let width: Int
  private let texts: [String]

  /// - Parameters:
  ///   - head: up to `VALUES`, without it.
  ///   - width: columns of a row.
  ///   - tail: what follows the rows; empty for nothing.
  init(_ head: String, width: Int, tail: String = "") {
    self.width = width
    let row = "(" + [String](repeating: "?", count: width).joined(separator: ", ") + ")"
    texts = Self.sizes.map { size in
      "\(head) VALUES \([String](repeating: row, count: size).joined(separator: ", ")) \(tail)"
    }
  }

  /// Rows on their way into the table.
  struct Buffer {
    private let rows: ManyRows
    private let session: WriteSession
    private var values: [SQLValue] = []

    fileprivate init(_ rows: ManyRows, _ session: WriteSession) {
      self.rows = rows
      self.session = session
    }

    mutating func add(_ row: [SQLValue]) throws {
      values.append(contentsOf: row)
      guard values.count == ManyRows.sizes[0] * rows.width else { return }
      try session.execute(rows.texts[0], values)
      values.removeAll(keepingCapacity: true)
    }

    /// Writes what is left.
    mutating func finish() throws {
      var position = 0
      for (size, text) in zip(ManyRows.sizes, rows.texts) {
        let step = size * rows.width
        while values.count - position >= step {
          try session.execute(text, step == values.count ? values : Array(values[position..<position + step]))
          position += step
        }
      }
      values.removeAll()
    }
  }

  func buffer(_ session: WriteSession) -> Buffer { Buffer(self, session) }
}
