import DemandDomain
import Kernel
import Storage

/// Cases as rows.
enum CaseRows {
  static let columns = """
    number, id, kind, state, region_code, title, enterprise, organisation, demand, parent, fields, steps, due_day, \
    opened_by, client_id, created_micros, updated_micros, revision
    """

  static func load(_ id: String, _ session: ReadSession) throws -> Listed<Case>? {
    try session.first("SELECT \(columns) FROM cases WHERE id = ?", [.text(id)], row)
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
      "SELECT \(columns) FROM cases WHERE kind = ? AND topic = ? AND is_open = 1 ORDER BY number LIMIT 50",
      [.text(kind.rawValue), .text(topic)], row
    ).map(\.item).filter { region.text.hasPrefix($0.region.reach) }
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
    var steps: [CaseStep] = []
    if case .list(let list) = try JSONParser.parse(try columns.text()) { steps = try list.map(CaseStep.init(json:)) }
    return Listed(
      position: number,
      item: Case(
        id: id, kind: kind, state: state, region: region, title: title, enterprise: enterprise ?? "",
        organisation: organisation ?? "", demand: demand ?? "", parent: parent ?? "", fields: fields,
        dueOn: try columns.optionalDay(), steps: steps, openedBy: try columns.text(),
        clientID: try columns.optionalText() ?? "", createdAt: try columns.time(), updatedAt: try columns.time(),
        revision: try columns.integer()))
  }

  static func insert(_ matter: Case, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO cases (id, kind, region_code, region_reach, title, enterprise, organisation, demand, parent, opened_by,
        opened_day, client_id, created_micros, state, is_open, topic, fields, steps, signed_minor, in_place_minor, due_day,
        updated_micros, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(matter.id), .text(matter.kind.rawValue), .text(matter.region.text), .text(matter.region.reach),
        .text(matter.title), link(matter.enterprise), link(matter.organisation), link(matter.demand),
        link(matter.parent), .text(matter.openedBy), .day(try matter.createdAt.shanghaiDate()), link(matter.clientID),
        .time(matter.createdAt),
      ] + progress(matter))
  }

  static func update(_ matter: Case, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE cases SET state = ?, is_open = ?, topic = ?, fields = ?, steps = ?, signed_minor = ?, in_place_minor = ?,
        due_day = ?, updated_micros = ?, revision = ?
      WHERE id = ?
      """, progress(matter) + [.text(matter.id)])
  }

  private static func link(_ value: String) -> SQLValue { value.isEmpty ? .null : .text(value) }

  private static func progress(_ matter: Case) -> [SQLValue] {
    let isDeal = matter.kind == .eventDeal
    return [
      .text(matter.state), .flag(matter.isOpen), .text(matter.topic), .text(matter.fieldsJSON.string),
      .text(JSONValue.list(matter.steps.map(\.json)).string), .integer(isDeal ? matter.amount("signed") : 0),
      .integer(isDeal ? matter.amount("in_place") : 0), .day(matter.dueOn), .time(matter.updatedAt),
      .integer(matter.revision),
    ]
  }
}
