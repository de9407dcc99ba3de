import CatalogDomain
import Kernel
import Synchronization

/// Something in a row that could not be taken over as it stands.
struct Finding: Sendable {
  let field: String
  let problem: String
  let value: String
  let action: String

  /// Characters of a raw value that a report shows.
  static let valueCharacters = 200
}

/// One row of a file as it was read.
struct FileRow: Sendable {
  let line: Int
  var row: ImportRow
  var findings: [Finding] = []
}

/// A file as it was read: its rows, and the institutions it names that are to be entered with them.
struct ProductFile: Sendable {
  var rows: [FileRow] = []
  var institutions: [Institution] = []

  /// Rows whose terms ended before a day are kept as drafts, and that is said.
  mutating func holdBackEnded(before day: BusinessDate) {
    for index in rows.indices {
      guard case .success(let terms) = rows[index].row.terms, let end = terms.effectiveTo, end < day else { continue }
      rows[index].row.isHeldBack = true
      rows[index].findings.append(
        Finding(
          field: "data.effectiveTo", problem: "the terms ended before \(day)", value: "\(end)",
          action: "entered as a draft"))
    }
  }
}

/// What was read of a file, kept until its report is written.
final class ReadRows: Sendable {
  private let state = Mutex<[FileRow]>([])

  var rows: [FileRow] { state.withLock { $0 } }

  func keep(_ rows: [FileRow]) { state.withLock { $0 = rows } }
}
