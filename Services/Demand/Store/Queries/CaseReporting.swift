import DemandDomain
import Kernel
import Policy
import Storage

/// What the records say of a span of days, as they stood on a day.
struct CaseReporting {
  let query: CaseReportQuery
  let session: ReadSession

  /// Cases of the span with their last step up to the day; what was recorded later does not count.
  private static let standing = """
    cases c JOIN case_steps s ON s.matter = c.number AND s.position =
      (SELECT max(t.position) FROM case_steps t WHERE t.matter = c.number AND t.day <= ?)
    WHERE c.happened_day BETWEEN ? AND ? AND c.region_code >= ? AND c.region_code < ?
    """

  private var values: [SQLValue] {
    [
      .day(query.asOf), .day(query.from), .day(query.to), .text(query.prefix), .text(query.prefix + ":"),
    ]
  }

  func read(policy: PolicyBook) throws -> CaseReport {
    let deals = try session.first(
      """
      SELECT coalesce(sum(s.signed_minor), 0), coalesce(sum(s.in_place_minor), 0) FROM \(Self.standing)
        AND c.kind = 'event_deal'
      """, values
    ) { (try $0.int64(0), try $0.int64(1)) }
    let visited = try session.first(
      "SELECT count(DISTINCT c.enterprise) FROM \(Self.standing) AND c.kind = 'visit'", values
    ) { try $0.int64(0) }
    var report = CaseReport(
      counts: try counts(), firmsVisited: visited ?? 0, eventSigned: deals?.0 ?? 0, eventInPlace: deals?.1 ?? 0,
      sequence: try session.chainHead(Store.eventChain).sequence)
    report.chains = try chains(policy)
    report.sweeps = try sweeps()
    return report
  }

  private func counts() throws -> [CaseReport.Count] {
    let day = SQLValue.day(query.asOf)
    let unmet = "k.due_day < ? AND (k.met_day IS NULL OR k.met_day > ?)"
    return try session.query(
      """
      SELECT c.kind, s.to_state, count(*),
        sum(CASE WHEN EXISTS (SELECT 1 FROM case_clocks k WHERE k.matter = c.number AND k.started_day <= ? AND \(unmet))
          THEN 1 ELSE 0 END),
        sum(CASE WHEN EXISTS (SELECT 1 FROM case_clocks k WHERE k.matter = c.number AND k.started_day <= ?
          AND (\(unmet) OR k.met_day <= ? AND k.met_day > k.due_day)) THEN 1 ELSE 0 END)
      FROM \(Self.standing) GROUP BY 1, 2 ORDER BY 1, 2
      """, [day, day, day, day, day, day, day] + values
    ) { row in
      var columns = Columns(row)
      return CaseReport.Count(
        kind: try columns.word(), state: try columns.text(), count: try columns.integer(),
        overdue: try columns.integer(), late: try columns.integer())
    }
  }

  /// 针对每条产业链组织开展一次走访调研或金企对接活动 (淄金稳办发〔2023〕11号 二(四)1).
  private func chains(_ policy: PolicyBook) throws -> [CaseReport.Chain] {
    let teams = try CaseRows.standing(.chainTeam, session).filter { $0.region.text.hasPrefix(query.prefix) }
    let floor = try policy.parameterIfStated(
      "chain_team.visits.floor", as: .integer, scope: PolicyScope(region: query.prefix), on: query.from)
    return try Set(teams.compactMap { $0.fields["chain"] }).sorted().map { chain in
      let ofTeam = try session.first(
        """
        SELECT count(*) FROM case_steps s JOIN cases c ON c.number = s.matter
        WHERE c.kind = 'chain_team' AND instr(c.fields, ?) > 0 AND s.action = 'visit' AND s.day BETWEEN ? AND ? AND s.day <= ?
          AND c.region_code >= ? AND c.region_code < ?
        """,
        [
          .text("\"chain\":\(JSONValue.text(chain).string)"), .day(query.from), .day(query.to), .day(query.asOf),
          .text(query.prefix), .text(query.prefix + ":"),
        ]
      ) { try $0.int64(0) }
      let ofFirms = try session.first(
        """
        SELECT count(*) FROM \(Self.standing) AND c.kind = 'visit' AND instr(c.fields, '"channel":"chain_team"') > 0
          AND EXISTS (SELECT 1 FROM enterprises e WHERE e.id = c.enterprise AND e.chain = ?)
        """, values + [.text(chain)]
      ) { try $0.int64(0) }
      let events = try session.first(
        "SELECT count(*) FROM \(Self.standing) AND c.kind = 'matching_event' AND c.topic = ? AND s.to_state = 'held'",
        values + [.text(chain)]
      ) { try $0.int64(0) }
      return CaseReport.Chain(
        chain: chain, visits: (ofTeam ?? 0) + (ofFirms ?? 0), events: events ?? 0, floor: floor?.value)
    }
  }

  private func sweeps() throws -> [CaseReport.Sweep] {
    let sweeps = try session.query(
      "SELECT c.id, c.fields FROM \(Self.standing) AND c.kind = 'sweep' ORDER BY c.number", values
    ) { (id: try $0.text(0), fields: try Case.fields(try JSONParser.parse(try $0.text(1)))) }
    return try sweeps.map { sweep in
      let visits = try session.first(
        """
        SELECT count(DISTINCT enterprise),
          count(DISTINCT CASE WHEN instr(fields, '"result":"need"') > 0 THEN enterprise END)
        FROM cases WHERE parent = ? AND kind = 'visit' AND happened_day <= ?
        """, [.text(sweep.id), .day(query.asOf)]
      ) { (try $0.int64(0), try $0.int64(1)) }
      return CaseReport.Sweep(
        id: sweep.id, target: sweep.fields["firms"].flatMap { Int64($0) } ?? 0, visited: visits?.0 ?? 0,
        withNeed: visits?.1 ?? 0)
    }
  }
}
