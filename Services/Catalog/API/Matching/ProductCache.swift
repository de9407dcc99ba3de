import Protos
internal import Synchronization

/// Products in their latest versions as they were read last. Every change of a product makes it forgotten before the one who
/// changed it hears of it; what was read before a change and arrives after it is not kept.
package final class ProductCache: Sendable {
  private struct State {
    var products: [String: Huirong_Catalog_V1_Product] = [:]
    /// Counts changes.
    var epoch = 0
  }

  /// Products kept, of some kilobytes each; when there are more, all are forgotten and read anew.
  private static let capacity = 16_384

  private let state = Mutex(State())

  func product(_ id: String) -> Huirong_Catalog_V1_Product? { state.withLock { $0.products[id] } }

  /// To be asked before reading, and handed to `keep`.
  var epoch: Int { state.withLock { $0.epoch } }

  func keep(_ product: Huirong_Catalog_V1_Product, _ id: String, readAt epoch: Int) {
    state.withLock { state in
      guard state.epoch == epoch else { return }
      if state.products.count >= Self.capacity { state.products.removeAll() }
      state.products[id] = product
    }
  }

  func forget(_ ids: [String]) {
    state.withLock { state in
      state.epoch += 1
      for id in ids { state.products[id] = nil }
    }
  }

  func forgetAll() {
    state.withLock { state in
      state.epoch += 1
      state.products.removeAll()
    }
  }
}
