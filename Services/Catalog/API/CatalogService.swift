package import CatalogDomain
import GRPCCore
import Kernel
package import Logging
import Protos
package import RPCEdge

/// The catalog on both wires. Each RPC lives in a file of its own under `RPCs`; here is what they share.
package struct CatalogService: Huirong_Catalog_V1_CatalogService.ServiceProtocol {
  let edge: Edge
  let repository: any CatalogRepository
  let live: LiveCatalog
  let logger: Logger
  /// Where product pages are; a product's id is appended.
  let pages: String

  /// - Parameter pages: where product pages are, for QR codes.
  package init(
    edge: Edge, repository: any CatalogRepository, live: LiveCatalog, logger: Logger, pages: String = ""
  ) {
    self.pages = pages
    self.edge = edge
    self.repository = repository
    self.live = live
    self.logger = logger
  }

  @Sendable static func product(_ product: Product) -> Huirong_Catalog_V1_Product { .init(product) }

  @Sendable static func institution(_ institution: Institution) -> Huirong_Catalog_V1_Institution { .init(institution) }

  /// Takes a committed change into matching before its caller hears of it. A change is in force whether or not this
  /// succeeds; the next one catches up for both.
  func settle<Outcome>(_ reply: CommandReply<Outcome>) async -> CommandReply<Outcome> {
    if case .fresh = reply {
      do { try await live.catchUp() } catch {
        live.cache.forgetAll()
        logger.error("matching is behind the store", metadata: ["cause": "\(String(reflecting: error))"])
      }
    }
    return reply
  }
}
