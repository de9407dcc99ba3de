import Kernel

/// Where watchers meet commits: the latest pages of events, shared by all who follow closely, and the watchers that
/// wait at the head.
///
/// A commit costs the writer one short lock and at most one signal, however many watchers wait; a thread of the hub's
/// own wakes them, and commits that follow while it does are announced together.
final class EventHub: Sendable {
  private struct State {
    var pages: [EventPage] = []
    var weight = 0
    var head: Int64
    /// Entries up to here are no longer kept at all.
    var anchor: Int64
    var waiters: [UInt64: Waiter] = [:]
    var nextWaiter: UInt64 = 0
    var hasNews = false
    var announcerSleeps = false
    var end: DomainError?
    var isClosed = false
  }

  private struct Waiter {
    let position: Int64
    let continuation: UnsafeContinuation<Void, Never>
  }

  /// What a watcher at some position finds.
  enum Finding {
    case page(EventPage)
    /// Behind what is in memory: read the store.
    case behind
    case atHead
    case ended(DomainError)
  }

  private let monitor: Monitor<State>
  private let maximumWeight: Int

  init(head: Int64, anchor: Int64, maximumWeight: Int) {
    monitor = Monitor(State(head: head, anchor: anchor))
    self.maximumWeight = maximumWeight
  }

  var head: Int64 { monitor.withLock { $0.head } }
  var anchor: Int64 { monitor.withLock { $0.anchor } }
  var waitingCount: Int { monitor.withLock { $0.waiters.count } }

  // MARK: The writer's side

  /// - Parameter isComplete: whether `pages` hold every event up to `last`; if not, memory starts anew after `last`.
  func publish(_ pages: [EventPage], last: Int64, isComplete: Bool) {
    let wakes = monitor.withLock { state in
      if !isComplete {
        state.pages.removeAll()
        state.weight = 0
      } else {
        state.pages.append(contentsOf: pages)
        state.weight = pages.reduce(state.weight) { $0 + $1.weight }
        var surplus = 0
        while state.weight > maximumWeight && surplus < state.pages.count {
          state.weight -= state.pages[surplus].weight
          surplus += 1
        }
        state.pages.removeFirst(surplus)
      }
      state.head = last
      if state.waiters.isEmpty { return false }
      state.hasNews = true
      defer { state.announcerSleeps = false }
      return state.announcerSleeps
    }
    if wakes { monitor.signal() }
  }

  func discarded(through anchor: Int64) {
    monitor.withLock { state in
      state.anchor = max(state.anchor, anchor)
      let surplus = state.pages.firstIndex { $0.last > anchor } ?? state.pages.count
      for page in state.pages[..<surplus] { state.weight -= page.weight }
      state.pages.removeFirst(surplus)
    }
  }

  // MARK: The watchers' side

  func find(after position: Int64) -> Finding {
    monitor.withLock { state in
      if let end = state.end { return .ended(end) }
      if position >= state.head { return .atHead }
      guard let first = state.pages.first, first.first <= position + 1 else { return .behind }
      // The first page that reaches beyond the position.
      var low = 0
      var high = state.pages.count
      while low < high {
        let middle = (low + high) / 2
        if state.pages[middle].last > position { high = middle } else { low = middle + 1 }
      }
      return low < state.pages.count ? .page(state.pages[low]) : .behind
    }
  }

  /// Suspends until the head lies beyond `position`, the hub ends or the task is cancelled.
  func wait(after position: Int64) async {
    let ticket = monitor.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let parks = monitor.withLock { state in
          if position < state.head || state.end != nil || Task.isCancelled { return false }
          state.waiters[ticket] = Waiter(position: position, continuation: continuation)
          return true
        }
        if !parks { continuation.resume() }
      }
    } onCancel: {
      let waiter = monitor.withLock { $0.waiters.removeValue(forKey: ticket) }
      waiter?.continuation.resume()
    }
  }

  // MARK: The announcer

  /// The announcer's loop; returns once the hub is closed.
  func announce() {
    while true {
      let (woken, isClosed): ([Waiter], Bool) = monitor.wait { state in
        if state.isClosed {
          defer { state.waiters.removeAll() }
          return (Array(state.waiters.values), true)
        }
        if !state.hasNews {
          state.announcerSleeps = true
          return nil
        }
        state.hasNews = false
        var woken: [Waiter] = []
        for (ticket, waiter) in state.waiters where waiter.position < state.head {
          woken.append(waiter)
          state.waiters[ticket] = nil
        }
        return (woken, false)
      }
      for waiter in woken { waiter.continuation.resume() }
      if isClosed { return }
    }
  }

  /// Ends every watch with `error`.
  func close(_ error: DomainError) {
    monitor.withLock { state in
      if state.end == nil { state.end = error }
      state.isClosed = true
    }
    monitor.broadcast()
  }
}
