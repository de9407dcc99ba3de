import DemandDomain
import Kernel
import Storage

/// Reports of a period: what was done in it, counted once and kept.
enum ReportReading {
  /// What was done in the days of a period, by kind and action.
  static func count(
    _ period: ReportPeriod, subject: Case?, in region: RegionCode, _ session: ReadSession
  ) throws -> [ReportLine] {
    let (of, values) = selection(subject, region)
    return try session.query(
      """
      SELECT c.kind, s.action, count(*), count(DISTINCT c.number), count(DISTINCT c.enterprise)
      FROM case_steps s JOIN cases c ON c.number = s.matter
      WHERE s.day BETWEEN ? AND ? AND c.kind <> 'report' AND \(of) GROUP BY 1, 2 ORDER BY 1, 2
      """, [.day(period.from), .day(period.to)] + values, line)
  }

  /// A group's work is that of its advisers: their pairings and the questions to them. A team's is its own, the events of its
  /// chain and the visits of chain teams to the chain's firms. A place's is everything in it.
  private static func selection(_ subject: Case?, _ region: RegionCode) -> (String, [SQLValue]) {
    guard let subject else {
      return ("c.region_code >= ? AND c.region_code < ?", [.text(region.reach), .text(region.reach + ":")])
    }
    if subject.kind == .adviserGroup {
      let members = subject.organisations("members")
      let marks = members.map { _ in "?" }.joined(separator: ", ")
      let ids = members.map(SQLValue.text)
      return (
        """
        (c.id = ? OR c.id IN (\(marks)) OR c.kind = 'pairing' AND c.parent IN (\(marks))
          OR c.kind = 'question' AND c.parent IN (SELECT p.id FROM cases p WHERE p.kind = 'pairing' AND p.parent IN (\(marks))))
        """, [.text(subject.id)] + ids + ids + ids
      )
    }
    let chain = subject.fields["chain"] ?? ""
    let place: [SQLValue] = [.text(subject.region.reach), .text(subject.region.reach + ":")]
    return (
      """
      (c.id = ? OR ? <> '' AND c.region_code >= ? AND c.region_code < ? AND (c.kind = 'matching_event' AND c.topic = ?
        OR c.kind = 'visit' AND instr(c.fields, '"channel":"chain_team"') > 0
          AND EXISTS (SELECT 1 FROM enterprises e WHERE e.id = c.enterprise AND e.chain = ?)))
      """, [.text(subject.id), .text(chain)] + place + [.text(chain), .text(chain)]
    )
  }

  static func keep(_ lines: [ReportLine], of report: String, _ session: WriteSession) throws {
    for (position, line) in lines.enumerated() {
      try session.execute(
        """
        INSERT INTO case_report_lines (matter, position, kind, action, count, cases, firms)
        SELECT number, ?, ?, ?, ?, ?, ? FROM cases WHERE id = ?
        """,
        [
          .integer(Int64(position)), .text(line.kind.rawValue), .text(line.action), .integer(line.count),
          .integer(line.cases), .integer(line.firms), .text(report),
        ])
    }
  }

  static func lines(of number: Int64, _ session: ReadSession) throws -> [ReportLine] {
    try session.query(
      "SELECT kind, action, count, cases, firms FROM case_report_lines WHERE matter = ? ORDER BY position",
      [.integer(number)], line)
  }

  private static func line(_ row: Row) throws -> ReportLine {
    var columns = Columns(row)
    return ReportLine(
      kind: try columns.word(), action: try columns.text(), count: try columns.integer(),
      cases: try columns.integer(), firms: try columns.integer())
  }
}
