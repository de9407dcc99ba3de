import DemandDomain
import Kernel
import Storage

/// Cases as rows.
enum CaseRows {
  static let columns = """
    number, id, kind, state, region_code, title, enterprise, organisation, demand, parent, fields, due_day, happened_day, \
    opened_by, client_id, created_micros, updated_micros, revision
    """

  static func load(_ id: String, _ session: ReadSession) throws -> Listed<Case>? {
    try session.first("SELECT \(columns) FROM cases WHERE id = ?", [.text(id)], row).map { try complete($0, session) }
  }

  static func load(client: String, of organisation: String, _ session: ReadSession) throws -> Case? {
    try session.first(
      "SELECT \(columns) FROM cases WHERE opened_by = ? AND client_id = ?", [.text(organisation), .text(client)], row)?
      .item
  }

  static func all(_ kind: CaseKind, region: RegionCode, _ session: ReadSession) throws -> [Case] {
    try session.query(
      "SELECT \(columns) FROM cases WHERE region_code = ? AND kind = ? ORDER BY number",
      [.text(region.text), .text(kind.rawValue)], row
    ).map(\.item)
  }

  /// Cases of a kind and topic whose region reaches a place.
  static func topical(
    _ kind: CaseKind, _ topic: String, reaching region: RegionCode, _ session: ReadSession
  ) throws -> [Case] {
    try session.query(
      """
      SELECT \(columns) FROM cases
      WHERE kind = ? AND topic = ? AND is_open = 1 AND region_reach = substr(?, 1, length(region_reach)) ORDER BY number
      """, [.text(kind.rawValue), .text(topic), .text(region.text)], row
    ).map(\.item)
  }

  /// Open cases of a kind whose column has a value, in order, without their steps.
  static func standing(
    _ kind: CaseKind, _ column: String, _ value: String, _ session: ReadSession
  ) throws -> [Case] {
    try session.query(
      "SELECT \(columns) FROM cases WHERE \(column) = ? AND kind = ? AND is_open = 1 ORDER BY number",
      [.text(value), .text(kind.rawValue)], row
    ).map { try complete($0, session).item }
  }

  /// Every open case of a kind of which a city has few: teams and groups.
  static func standing(_ kind: CaseKind, _ session: ReadSession) throws -> [Case] {
    try session.query(
      "SELECT \(columns) FROM cases WHERE kind = ? AND is_open = 1 ORDER BY number", [.text(kind.rawValue)], row
    ).map(\.item)
  }

  /// The report of a period, of a subject or of a place.
  static func report(
    of subject: String, _ region: RegionCode, _ period: String, _ session: ReadSession
  ) throws -> Case? {
    try session.first(
      """
      SELECT \(columns) FROM cases WHERE kind = 'report' AND topic = ? AND coalesce(parent, '') = ? AND region_code = ?
      """, [.text(period), .text(subject), .text(region.text)], row)?.item
  }

  static func count(
    _ kind: CaseKind, _ column: String, _ value: String, topic: String? = nil, _ session: ReadSession
  ) throws -> Int {
    var arguments: [SQLValue] = [.text(value), .text(kind.rawValue)]
    if let topic { arguments.append(.text(topic)) }
    let count = try session.first(
      """
      SELECT count(*) FROM cases WHERE \(column) = ? AND kind = ? AND is_open = 1 \(topic == nil ? "" : "AND topic = ?")
      """, arguments
    ) { try $0.int64(0) }
    return Int(count ?? 0)
  }

  static func row(_ row: Row) throws -> Listed<Case> {
    var columns = Columns(row)
    let number = try columns.integer()
    let (id, kind): (String, CaseKind) = (try columns.text(), try columns.word())
    let (state, region, title) = (try columns.text(), try RegionCode(try columns.text()), try columns.text())
    let (enterprise, organisation) = (try columns.optionalText(), try columns.optionalText())
    let (demand, parent) = (try columns.optionalText(), try columns.optionalText())
    let fields = try Case.fields(try JSONParser.parse(try columns.text()))
    let (dueOn, happenedOn) = (try columns.optionalDay(), try columns.optionalDay())
    var matter = Case(
      id: id, kind: kind, state: state, region: region, title: title, enterprise: enterprise ?? "",
      organisation: organisation ?? "", demand: demand ?? "", parent: parent ?? "", fields: fields, dueOn: dueOn,
      steps: [], openedBy: try columns.text(), clientID: try columns.optionalText() ?? "",
      createdAt: try columns.time(), updatedAt: try columns.time(), revision: try columns.integer())
    matter.happenedOn = happenedOn
    return Listed(position: number, item: matter)
  }

  /// The row with its last steps, its deadlines and what it was opened with.
  static func complete(_ listed: Listed<Case>, _ session: ReadSession) throws -> Listed<Case> {
    var listed = listed
    listed.item.openedWith = try CaseStepRows.opening(listed.position, session)
    let shown = listed.item.stepCount - Int64(Case.stepsShown)
    listed.item.steps =
      listed.item.stepCount == 0
      ? []
      : try CaseStepRows.steps(of: listed.position, after: max(0, shown), limit: Case.stepsShown, session).map(\.item)
    listed.item.deadlines = try CaseClockRows.load(listed.position, session)
    return listed
  }

  /// - Parameter role: of whoever opens it.
  static func insert(_ matter: Case, role: Role, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO cases (id, kind, region_code, region_reach, title, enterprise, organisation, demand, parent, opened_by,
        opened_day, client_id, created_micros, happened_day, steps, state, is_open, topic, fields, signed_minor,
        in_place_minor, due_day, updated_micros, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(matter.id), .text(matter.kind.rawValue), .text(matter.region.text), .text(matter.region.reach),
        .text(matter.title), link(matter.enterprise), link(matter.organisation), link(matter.demand),
        link(matter.parent), .text(matter.openedBy), .day(try matter.createdAt.shanghaiDate()), link(matter.clientID),
        .time(matter.createdAt), .day(try matter.happenedOn ?? matter.createdAt.shanghaiDate()),
      ] + progress(matter))
    guard
      let number = try session.first("SELECT number FROM cases WHERE id = ?", [.text(matter.id)], { try $0.int64(0) })
    else { throw DomainError(.internal, "a case without a row") }
    try CaseStepRows.open(matter, number: number, role: role, session)
    try CaseClockRows.keep(matter.deadlines, of: number, session)
  }

  /// Writes what its last step changed.
  static func update(_ matter: Case, number: Int64, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE cases SET organisation = ?, demand = ?, parent = ?, state = ?, is_open = ?, topic = ?, fields = ?,
        signed_minor = ?, in_place_minor = ?, due_day = ?, updated_micros = ?, revision = ?
      WHERE number = ?
      """,
      [link(matter.organisation), link(matter.demand), link(matter.parent)] + progress(matter) + [.integer(number)])
    try CaseStepRows.append(matter, number: number, session)
    try CaseClockRows.keep(matter.deadlines, of: number, session)
  }

  private static func link(_ value: String) -> SQLValue { value.isEmpty ? .null : .text(value) }

  private static func progress(_ matter: Case) -> [SQLValue] {
    let sums = matter.dealSums
    return [
      .text(matter.state), .flag(matter.isOpen), .text(matter.topic), .text(matter.fieldsJSON.string),
      .integer(sums.signed), .integer(sums.inPlace), .day(matter.dueOn), .time(matter.updatedAt),
      .integer(matter.revision),
    ]
  }
}
