import Kernel

/// The events after some sequence, without end: first those that are stored, page by page, then each commit as it
/// happens. Nothing is left out and nothing comes twice, whatever is written meanwhile.
///
/// A watcher holds one page at a time, so a slow one costs no more memory than a fast one; pages of the newest events
/// are shared between all watchers. The sequence ends when the task is cancelled, and throws `SHUTTING_DOWN` when the
/// store closes, `SEQUENCE_NOT_AVAILABLE` when the events it asks for are no longer kept.
public struct EventStream: AsyncSequence, Sendable {
  public typealias Element = StoredEvent

  let parts: StoreParts
  let start: Int64

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(parts: parts, position: start) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let parts: StoreParts
    /// Sequence of the last event handed out.
    private var position: Int64
    private var page: EventPage?
    private var index = 0

    init(parts: StoreParts, position: Int64) {
      self.parts = parts
      self.position = position
    }

    public mutating func next() async throws -> StoredEvent? {
      if let event = nextInPage() { return event }
      guard try await load() else { return nil }
      return nextInPage()
    }

    /// Everything that is at hand, at least one event: for callers that write many at once.
    /// - Returns: `nil` when the task is cancelled.
    public mutating func nextBatch() async throws -> [StoredEvent]? {
      if page == nil {
        guard try await load() else { return nil }
      }
      guard let page, index < page.events.count else { return [] }
      let rest = Array(page.events[index...])
      position = page.last
      self.page = nil
      return rest
    }

    private mutating func nextInPage() -> StoredEvent? {
      guard let page else { return nil }
      let event = page.events[index]
      index += 1
      position = event.sequence
      if index == page.events.count { self.page = nil }
      return event
    }

    /// - Returns: false when the task is cancelled.
    private mutating func load() async throws -> Bool {
      while true {
        if Task.isCancelled { return false }
        try EventLog.requireRetained(position, anchor: parts.hub.anchor)
        switch parts.hub.find(after: position) {
        case .page(let page):
          take(page)
          return true
        case .behind:
          if let page = try await parts.catchUp(after: position) {
            take(page)
            return true
          }
        case .atHead:
          await parts.hub.wait(after: position)
        case .ended(let error):
          throw error
        }
      }
    }

    private mutating func take(_ fresh: EventPage) {
      page = fresh
      index = Int(position + 1 - fresh.first)
    }
  }
}
