import DemandDomain
import Protos
import Synchronization

/// Messages about the log's newest entries, made once for all who see them whole: everybody but institutions, from whom
/// an entry may hide a competitor, unless it tells of an affiliate. A ring, so that its memory is bounded.
final class WatchMessages: Sendable {
  private static let capacity = 1024

  private let ring = Mutex<[Huirong_Demand_V1_WatchDemandsResponse?]>(Array(repeating: nil, count: capacity))

  func whole(_ entry: LogEntry) -> Huirong_Demand_V1_WatchDemandsResponse {
    let place = Int(entry.sequence % Int64(Self.capacity))
    if let known = ring.withLock({ $0[place] }), known.header.sequence == entry.sequence { return known }
    let message = entry.wire
    ring.withLock { ring in
      if (ring[place]?.header.sequence ?? 0) < entry.sequence { ring[place] = message }
    }
    return message
  }
}
