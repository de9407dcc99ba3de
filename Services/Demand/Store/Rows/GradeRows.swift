import DemandDomain
import Kernel
import Storage

/// Grades as received, and the cursor in the log that they came from.
enum GradeRows {
  static func cursor(_ session: ReadSession) throws -> Int64 {
    try session.first("SELECT sequence FROM grade_cursor WHERE feed = 'ratings'") { try $0.int64(0) } ?? 0
  }

  static func advance(to sequence: Int64, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO grade_cursor (feed, sequence) VALUES ('ratings', ?)
      ON CONFLICT (feed) DO UPDATE SET sequence = excluded.sequence
      """, [.integer(sequence)])
  }

  static func load(_ enterprise: String, _ session: ReadSession) throws -> ReceivedGrade? {
    try session.first(
      "SELECT enterprise, grade, graded_day, source FROM received_grades WHERE enterprise = ?", [.text(enterprise)]
    ) { row in
      var columns = Columns(row)
      return ReceivedGrade(
        enterprise: try columns.text(), grade: try columns.word(), gradedOn: try columns.day(),
        source: try columns.text())
    }
  }

  static func keep(_ grade: ReceivedGrade, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO received_grades (enterprise, grade, graded_day, source) VALUES (?, ?, ?, ?)
      ON CONFLICT (enterprise) DO UPDATE SET grade = excluded.grade, graded_day = excluded.graded_day,
        source = excluded.source
      """,
      [.text(grade.enterprise), .text(grade.grade.rawValue), .day(grade.gradedOn), .text(grade.source)])
  }
}
