import DemandDomain
import Kernel
import Storage

/// Pages of the ledger by conditions without an index. Days of submission are a span of numbers, which begins where they begin;
/// the rest is looked at row by row, a bounded number for one page.
enum DemandSifting {
  /// Numbers are given in the order of commit, which differs from the order of arrival by less than this.
  private static let slack: Int64 = 1024

  static func page(_ query: DemandQuery, _ session: ReadSession) throws -> SiftedDemands {
    let span = try span(query.sieve, session)
    var look = query
    look.limit = DemandSieve.examined
    if query.descending {
      look.after = min(query.after ?? Int64.max, span.last == Int64.max ? Int64.max : span.last + 1)
    } else {
      look.after = max(query.after ?? 0, span.first - 1)
    }
    let numbers = try DemandListing.numbers(look, session)
    let inside = numbers.filter { $0 >= span.first && $0 <= span.last }
    let rows = try sift(inside, query, session)
    if rows.count == query.limit { return SiftedDemands(rows: rows, resume: rows.last?.position) }
    let isOver = numbers.count < DemandSieve.examined || inside.count < numbers.count
    return SiftedDemands(rows: rows, resume: isOver ? nil : numbers.last)
  }

  private static func sift(
    _ numbers: [Int64], _ query: DemandQuery, _ session: ReadSession
  ) throws -> [Listed<Demand>] {
    var rows: [Listed<Demand>] = []
    var start = 0
    let (conditions, values) = try conditions(query.sieve)
    while start < numbers.count, rows.count < query.limit {
      let some = numbers[start..<min(start + 128, numbers.count)]
      start += some.count
      let filter = (["d.number IN (\(some.map { _ in "?" }.joined(separator: ", ")))"] + conditions)
      let heads = try session.query(
        """
        SELECT \(DemandRows.pageColumns) FROM demands d WHERE \(filter.joined(separator: " AND "))
        ORDER BY d.number \(query.descending ? "DESC" : "ASC") LIMIT ?
        """, some.map { .integer($0) } + values + [.integer(Int64(query.limit - rows.count))], DemandRows.head)
      rows += try heads.map { try DemandRows.complete($0, session) }
    }
    return rows
  }

  private static func conditions(_ sieve: DemandSieve) throws -> ([String], [SQLValue]) {
    var conditions: [String] = []
    var values: [SQLValue] = []
    func require(_ column: String, _ value: String?) {
      guard let value else { return }
      conditions.append("(d.\(column) || '') = ?")
      values.append(.text(value))
    }
    require("channel", sieve.channel?.rawValue)
    require("instrument", sieve.instrument?.rawValue)
    require("level", sieve.level?.rawValue)
    require("chain", sieve.chain)
    func days(_ column: String, _ from: BusinessDate?, _ to: BusinessDate?) throws {
      if let from {
        conditions.append("d.\(column) >= ?")
        values.append(.integer(midnight(from)))
      }
      if let to {
        conditions.append("d.\(column) < ?")
        values.append(.integer(midnight(try to.adding(days: 1))))
      }
    }
    try days("created_micros", sieve.createdFrom, sieve.createdTo)
    try days("close_micros", sieve.closedFrom, sieve.closedTo)
    return (conditions, values)
  }

  /// Days begin at midnight in Asia/Shanghai.
  private static func midnight(_ day: BusinessDate) -> Int64 { Int64(day.dayNumber) * 86_400_000_000 - 28_800_000_000 }

  /// Numbers of the days of submission.
  private static func span(_ sieve: DemandSieve, _ session: ReadSession) throws -> (first: Int64, last: Int64) {
    let last = try DemandRows.last(session)
    var span: (first: Int64, last: Int64) = (1, Int64.max)
    if let from = sieve.createdFrom {
      span.first = max(1, try first(since: midnight(from), last: last, session) - slack)
    }
    if let to = sieve.createdTo {
      span.last = try first(since: midnight(try to.adding(days: 1)), last: last, session) + slack
    }
    return span
  }

  /// The first number of a demand that came at a time or later; one more than the last when there is none.
  private static func first(since micros: Int64, last: Int64, _ session: ReadSession) throws -> Int64 {
    var (low, high): (Int64, Int64) = (1, last + 1)
    while low < high {
      let middle = low + (high - low) / 2
      let created = try session.first(
        "SELECT created_micros FROM demands WHERE number >= ? ORDER BY number LIMIT 1", [.integer(middle)]
      ) { try $0.int64(0) }
      if let created, created < micros { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
