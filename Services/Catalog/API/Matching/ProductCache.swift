package import CatalogDomain
import Protos
import SwiftProtobuf
internal import Synchronization

/// Products as they were read last, encoded: the latest version, and the published one for who sees no other. Every
/// change of a product makes it forgotten before the one who changed it hears of it; what was read before a change and arrives
/// after it is not kept.
package final class ProductCache: Sendable {
  struct Entry: Sendable {
    /// Institution whose product it is.
    let owner: String
    let latest: [UInt8]
    /// `nil` when it was never published.
    let published: [UInt8]?

    /// - Throws: when a product cannot be encoded.
    init(latest: Product, published: Product?) throws {
      owner = latest.terms.institution
      self.latest = try Huirong_Catalog_V1_Product(latest).serializedBytes()
      self.published = try published.map { try Huirong_Catalog_V1_Product($0).serializedBytes() }
    }

    /// `nil` when the caller may see none.
    func seen(by sight: Sight) -> [UInt8]? { sight.reaches(owner) ? latest : published }
  }

  private struct State {
    var products: [String: Entry] = [:]
    /// Counts changes.
    var epoch = 0
  }

  /// Products kept, of some kilobytes each; when there are more, all are forgotten and read anew.
  private static let capacity = 16_384

  private let state = Mutex(State())

  func product(_ id: String) -> Entry? { state.withLock { $0.products[id] } }

  /// To be asked before reading, and handed to `keep`.
  var epoch: Int { state.withLock { $0.epoch } }

  func keep(_ product: Entry, _ id: String, readAt epoch: Int) {
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
