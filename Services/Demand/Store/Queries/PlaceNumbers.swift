import DemandDomain
import Kernel
import Storage

/// Demands of a place, in order of number, whatever their state: a merge of index ranges, one for each state and, above the
/// city, for each city. An index without the state, or of the province, would cost every submission another row of its own.
struct PlaceNumbers {
  /// One index range and what was read of it.
  private struct Range {
    let column: String
    let place: String
    let state: DemandState
    var numbers: [Int64] = []
    var next = 0
    var last: Int64
    var isRead = false
    var size: Int64
  }

  private var ranges: [Range]
  private let descending: Bool

  /// - Returns: `nil` when the place is no whole level, so that no index has it.
  init?(_ query: DemandQuery, _ session: ReadSession) throws {
    let prefix = query.regionPrefix ?? ""
    let places: (column: String, [String])
    switch prefix.utf8.count {
    case 0, 2: places = ("region_city", try Self.cities(prefix, session))
    case 4: places = ("region_city", [prefix])
    case 6: places = ("region_county", [prefix])
    case 9: places = ("region_town", [prefix])
    case 12: places = ("region_village", [prefix])
    default: return nil
    }
    descending = query.descending
    let start = query.after ?? (query.descending ? Int64.max : 0)
    let states = query.state.map { [$0] } ?? DemandState.allCases
    let size = places.1.count * states.count == 1 ? Int64(query.limit) : Self.firstRead
    ranges = places.1.flatMap { place in
      states.map { Range(column: places.column, place: place, state: $0, last: start, size: size) }
    }
  }

  /// Most states of most places hold nothing or little: a first look at each reads this much.
  private static let firstRead: Int64 = 8

  /// Every city with demands, each found behind the one before.
  private static func cities(_ prefix: String, _ session: ReadSession) throws -> [String] {
    var cities: [String] = []
    var after = prefix
    while let city = try session.first(
      "SELECT min(region_city) FROM demands WHERE region_city > ?", [.text(after)], { try $0.optionalText(0) }) ?? nil,
      city.hasPrefix(prefix)
    {
      cities.append(city)
      after = city
    }
    return cities
  }

  /// The next numbers of the merge, at most `limit`.
  mutating func take(_ limit: Int, _ session: ReadSession) throws -> [Int64] {
    for index in ranges.indices { try refill(index, session) }
    var taken: [Int64] = []
    while taken.count < limit {
      var best: Int?
      for index in ranges.indices where ranges[index].next < ranges[index].numbers.count {
        guard let known = best else {
          best = index
          continue
        }
        let (left, right) = (ranges[index].numbers[ranges[index].next], ranges[known].numbers[ranges[known].next])
        if descending ? left > right : left < right { best = index }
      }
      guard let best else { break }
      taken.append(ranges[best].numbers[ranges[best].next])
      ranges[best].next += 1
      try refill(best, session)
    }
    return taken
  }

  private mutating func refill(_ index: Int, _ session: ReadSession) throws {
    let range = ranges[index]
    if range.isRead || range.next < range.numbers.count { return }
    let numbers = try session.query(
      """
      SELECT number FROM demands WHERE \(range.column) = ? AND state = ? AND number \(descending ? "<" : ">") ?
      ORDER BY number \(descending ? "DESC" : "ASC") LIMIT ?
      """, [.text(range.place), .text(range.state.rawValue), .integer(range.last), .integer(range.size)]
    ) { try $0.int64(0) }
    ranges[index].numbers = numbers
    ranges[index].next = 0
    ranges[index].last = numbers.last ?? range.last
    ranges[index].isRead = numbers.count < Int(range.size)
    ranges[index].size = range.size * 4
  }
}
