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
      try EventCodec.append(institution, actor: envelope.caller.organisation, session)
      return institution
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
