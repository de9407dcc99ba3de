import DemandDomain
import Storage
import Synchronization

/// The log's newest entries as they were decoded for the first who asked: a thousand who follow closely cost one decoding
/// of each entry. A ring, so that its memory is bounded; empty places cost a pointer each.
final class EntryCache: Sendable {
  private final class Decoded: Sendable {
    let entry: LogEntry
    init(_ entry: LogEntry) { self.entry = entry }
  }

  private static let capacity = 1024

  private let ring = Mutex<[Decoded?]>(Array(repeating: nil, count: capacity))

  func entry(_ stored: StoredEvent) throws -> LogEntry {
    let place = Int(stored.sequence % Int64(Self.capacity))
    if let known = ring.withLock({ $0[place] })?.entry, known.sequence == stored.sequence { return known }
    let decoded = Decoded(try LogCodec.decode(stored))
    ring.withLock { ring in
      // Whoever lags behind does not displace what those in front read.
      if (ring[place]?.entry.sequence ?? 0) < stored.sequence { ring[place] = decoded }
    }
    return decoded.entry
  }
}
