package import CatalogDomain
internal import Synchronization

/// The compiled catalog that answers matches, kept up with the store: every command catches up before it answers, so that
/// whoever published a product finds it in the next match.
package final class LiveCatalog: Sendable {
  /// One consistent state: what a match is answered from.
  package struct State: Sendable {
    package let index: CatalogIndex
    package let rates: ReferenceRateTable
    package let sequence: Int64
  }

  private let state: Mutex<State>
  /// Made at the first search and kept up from then on; a catalog that nobody searches does not pay for it.
  private let search = Mutex<SearchIndex?>(nil)
  /// Products as they are read most.
  package let cache = ProductCache()
  private let repository: any CatalogRepository
  private let refresher: Refresher

  /// Compiles everything that is published.
  package init(_ repository: any CatalogRepository) async throws {
    let snapshot = try await repository.snapshot()
    state = Mutex(
      State(
        index: CatalogIndex(snapshot.offers.flatMap(\.offers)), rates: snapshot.rates, sequence: snapshot.sequence))
    self.repository = repository
    refresher = Refresher()
  }

  package var current: State { state.withLock { $0 } }

  /// Takes in what was committed since. Calls that overlap share one pass or follow it.
  package func catchUp() async throws {
    try await refresher.run {
      let before = self.current
      let changes = try await self.repository.changes(after: before.sequence)
      if changes.sequence == before.sequence { return }
      let next = State(
        index: before.index.applying(changes.offers), rates: changes.rates, sequence: changes.sequence)
      self.cache.forget(changes.touched)
      if let index = self.search.withLock({ $0 }) {
        let changed = index.applying(changes.offers)
        self.search.withLock { $0 = changed }
      }
      self.state.withLock { $0 = next }
    }
  }

  /// The index to search and the state it belongs to.
  package func searchable() async throws -> (index: SearchIndex, state: State) {
    if let index = search.withLock({ $0 }) { return (index, current) }
    try await refresher.run {
      if self.search.withLock({ $0 != nil }) { return }
      let made = SearchIndex(self.current.index.offers)
      self.search.withLock { $0 = made }
    }
    return (search.withLock { $0 } ?? SearchIndex([]), current)
  }
}

/// Runs passes one after another: an actor alone would let them overlap at their suspension points.
private actor Refresher {
  private var last: Task<Void, any Error>?

  func run(_ pass: @escaping @Sendable () async throws -> Void) async throws {
    let previous = last
    let task = Task {
      _ = await previous?.result
      try await pass()
    }
    last = task
    try await task.value
  }
}
