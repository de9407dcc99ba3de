package import CatalogDomain
package import Kernel
import Storage

extension CatalogStore {
  package func createInstitution(
    _ draft: Institution, envelope: CommandEnvelope, encode: @escaping Encode<Institution>
  ) async throws -> CommandReply<Institution> {
    try await store.command(envelope, encode: encode) { session in
      let institution = try InstitutionDecisions.create(
        draft, existing: try InstitutionRows.load(draft.id, session), now: envelope.now)
      try InstitutionRows.insert(institution, session)
      try EventCodec.append(.institutionCreated, institution, actor: envelope.caller.organisation, session)
      return institution
    }
  }

  package func updateInstitution(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Institution>,
    revise: @escaping @Sendable (Institution) throws(DomainError) -> Institution
  ) async throws -> CommandReply<Institution> {
    try await store.command(envelope, encode: encode) { session in
      guard let stored = try InstitutionRows.load(id, session) else {
        throw DomainError.notFound("\(Institution.collection)/\(id)")
      }
      let changed = try InstitutionDecisions.update(
        stored, to: try revise(stored), etag: etag, caller: envelope.caller, now: envelope.now)
      if changed == stored { return stored }
      try InstitutionRows.update(changed, session)
      try EventCodec.append(.institutionUpdated, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func recordReferenceRates(
    _ rates: [ReferenceRate], envelope: CommandEnvelope, encode: @escaping Encode<Int>
  ) async throws -> CommandReply<Int> {
    try await store.command(envelope, encode: encode) { session in
      let fresh = try ReferenceRateDecisions.new(rates, known: try ReferenceRateRows.load(session))
      for rate in fresh {
        try ReferenceRateRows.insert(rate, session)
        try EventCodec.append(rate, actor: envelope.caller.organisation, session)
      }
      return fresh.count
    }
  }
}
