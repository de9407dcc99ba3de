import Synchronization

/// Pages read from the store for watchers that lag: many that start at the same place, as after a restart of their
/// server, share one read of each page. Pages begin at multiples of the page size, so different watchers ask for the
/// same ones, and only full pages are kept: those never change.
final class CatchUpCache: Sendable {
  private let pages = Mutex<[EventPage]>([])
  private let maximumWeight: Int

  init(maximumWeight: Int) { self.maximumWeight = maximumWeight }

  func page(after position: Int64) -> EventPage? {
    pages.withLock { pages in pages.first { $0.first <= position + 1 && $0.last > position } }
  }

  func keep(_ page: EventPage) {
    pages.withLock { pages in
      pages.append(page)
      var weight = pages.reduce(0) { $0 + $1.weight }
      while weight > maximumWeight, let oldest = pages.first {
        weight -= oldest.weight
        pages.removeFirst()
      }
    }
  }

  func removeAll() { pages.withLock { $0.removeAll() } }
}
