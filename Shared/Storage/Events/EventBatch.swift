/// The events of one commit group on their way to the watchers, cut into pages. A group too large to keep in memory
/// only remembers how far it went; watchers then read it from the store.
struct EventBatch {
  struct Limits: Sendable {
    var pageEvents: Int
    var pageBytes: Int
    /// Events and bytes of one group beyond which they are not kept in memory.
    var groupBytes: Int
  }

  struct Mark {
    fileprivate let count: Int
    fileprivate let weight: Int
    fileprivate let last: Int64
    fileprivate let isOverflown: Bool
  }

  private let limits: Limits
  private var events: [StoredEvent] = []
  private var weight = 0
  /// Sequence of the last event appended; 0 when there was none.
  private(set) var last: Int64 = 0
  /// True when the group outgrew the limit and its events were let go.
  private(set) var isOverflown = false

  init(limits: Limits) { self.limits = limits }

  var isEmpty: Bool { last == 0 }

  var mark: Mark { Mark(count: events.count, weight: weight, last: last, isOverflown: isOverflown) }

  mutating func append(_ event: StoredEvent) {
    last = event.sequence
    if isOverflown { return }
    weight += event.weight
    if weight > limits.groupBytes {
      isOverflown = true
      events.removeAll()
    } else {
      events.append(event)
    }
  }

  mutating func truncate(to mark: Mark) {
    last = mark.last
    weight = mark.weight
    // What was let go cannot be brought back; watchers read it from the store.
    if isOverflown && !mark.isOverflown && mark.count > 0 { return }
    isOverflown = mark.isOverflown
    events.removeLast(max(0, events.count - mark.count))
  }

  mutating func removeAll() {
    events.removeAll(keepingCapacity: events.count <= limits.pageEvents)
    weight = 0
    last = 0
    isOverflown = false
  }

  /// The group's events as shared pages, in order.
  func pages() -> [EventPage] {
    var pages: [EventPage] = []
    var start = 0
    var bytes = 0
    for index in events.indices {
      bytes += events[index].weight
      if index - start + 1 >= limits.pageEvents || bytes >= limits.pageBytes || index == events.count - 1 {
        pages.append(EventPage(Array(events[start...index])))
        start = index + 1
        bytes = 0
      }
    }
    return pages
  }
}

/// Consecutive events, shared by every watcher that reads them.
final class EventPage: Sendable {
  let events: [StoredEvent]
  let weight: Int

  init(_ events: [StoredEvent]) {
    self.events = events
    weight = events.reduce(0) { $0 + $1.weight }
  }

  var first: Int64 { events.first?.sequence ?? 0 }
  var last: Int64 { events.last?.sequence ?? 0 }
}
