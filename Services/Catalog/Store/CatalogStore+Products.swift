package import CatalogDomain
package import Kernel
import Storage

extension CatalogStore {
  package func createProduct(
    id: String, terms: ProductTerms, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product> {
    try await store.command(envelope, encode: encode) { [limits] session in
      let institution = try InstitutionRows.load(terms.institution, session)
      let product = try ProductDecisions.create(
        id: id, terms: terms, institution: institution, existing: try ProductRows.load(id, session),
        limits: limits, caller: envelope.caller, now: envelope.now)
      try Self.requirePredecessor(terms, session)
      try ProductRows.save(product, previous: nil, session)
      try EventCodec.append(.productCreated, product, actor: envelope.caller.organisation, session)
      return product
    }
  }

  package func updateProduct(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>,
    revise: @escaping @Sendable (ProductTerms) throws(DomainError) -> ProductTerms
  ) async throws -> CommandReply<Product> {
    try await store.command(envelope, encode: encode) { [limits] session in
      let (stored, institution) = try Self.load(id, session)
      try Ownership.require(envelope.caller, maintains: stored.terms.institution)
      let changed = try ProductDecisions.update(
        stored, terms: try revise(stored.terms), institution: institution, etag: etag, limits: limits,
        caller: envelope.caller, now: envelope.now)
      if changed == stored { return stored }
      try Self.requirePredecessor(changed.terms, session)
      try ProductRows.save(changed, previous: stored, session)
      try EventCodec.append(.productUpdated, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func submitProduct(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product> {
    try await store.command(envelope, encode: encode) { [limits] session in
      let (stored, institution) = try Self.load(id, session)
      let changed = try ReviewDecisions.submit(
        stored, institution: institution, etag: etag, limits: limits, caller: envelope.caller, now: envelope.now)
      try ProductRows.save(changed, previous: stored, session)
      try EventCodec.append(.productSubmitted, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func reviewProduct(
    id: String, verdict: ReviewVerdict, note: String, etag: String, envelope: CommandEnvelope,
    encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product> {
    let kind: CatalogEventKind = verdict == .approve ? .productApproved : .productRejected
    return try await change(id, kind, envelope, encode) { stored, _ throws(DomainError) in
      try ReviewDecisions.review(
        stored, verdict: verdict, note: note, etag: etag, caller: envelope.caller, now: envelope.now)
    }
  }

  /// A product that takes another's place names one that exists.
  private static func requirePredecessor(_ terms: ProductTerms, _ session: ReadSession) throws {
    guard let id = terms.predecessor, try ProductRows.load(id, session) == nil else { return }
    var error = DomainError.notFound("\(Product.collection)/\(id)")
    error.field = "product.predecessor"
    throw error
  }

  package func suspendProduct(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product> {
    try await change(id, .productSuspended, envelope, encode) { stored, _ throws(DomainError) in
      try ProductDecisions.suspend(stored, reason: reason, etag: etag, caller: envelope.caller, now: envelope.now)
    }
  }

  package func withdrawProduct(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product> {
    try await change(id, .productWithdrawn, envelope, encode) { stored, _ throws(DomainError) in
      try ProductDecisions.withdraw(stored, reason: reason, etag: etag, caller: envelope.caller, now: envelope.now)
    }
  }

  /// Load, decide, persist, tell; a decision that changes nothing writes nothing.
  private func change(
    _ id: String, _ kind: CatalogEventKind, _ envelope: CommandEnvelope, _ encode: @escaping Encode<Product>,
    _ decide: @escaping @Sendable (Product, Institution) throws(DomainError) -> Product
  ) async throws -> CommandReply<Product> {
    try await store.command(envelope, encode: encode) { session in
      let (stored, institution) = try Self.load(id, session)
      let changed = try decide(stored, institution)
      if changed == stored { return stored }
      try ProductRows.save(changed, previous: stored, session)
      try EventCodec.append(kind, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func publishProduct(
    id: String, etag: String, asOf: BusinessDate, envelope: CommandEnvelope, encode: @escaping Encode<Publication>
  ) async throws -> CommandReply<Publication> {
    try await store.command(envelope, encode: encode) { [limits] session in
      let (stored, institution) = try Self.load(id, session)
      let publication = try ProductDecisions.publish(
        stored, institution: institution, etag: etag, asOf: asOf, limits: limits, caller: envelope.caller,
        now: envelope.now)
      try ProductRows.save(publication.product, previous: stored, session)
      try EventCodec.append(
        .productPublished, publication.product, actor: envelope.caller.organisation, session)
      return publication
    }
  }

  package func checkPublication(
    id: String, etag: String, asOf: BusinessDate, caller: Caller, now: Instant
  ) async throws -> Publication {
    let (stored, institution) = try await store.read { try Self.load(id, $0) }
    let publication = try ProductDecisions.publish(
      stored, institution: institution, etag: etag, asOf: asOf, limits: limits, caller: caller, now: now)
    return Publication(product: stored, citations: publication.citations)
  }

  static func load(_ id: String, _ session: ReadSession) throws -> (Product, Institution) {
    guard let product = try ProductRows.load(id, session),
      let institution = try InstitutionRows.load(product.terms.institution, session)
    else { throw DomainError.notFound("\(Product.collection)/\(id)") }
    return (product, institution)
  }
}
