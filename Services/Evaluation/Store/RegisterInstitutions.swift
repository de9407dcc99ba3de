package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func registerInstitutions(
    _ institutions: [Institution], envelope: CommandEnvelope, encode: @escaping Encode<RegistrationReceipt>
  ) async throws -> CommandReply<RegistrationReceipt> {
    try await store.command(envelope, encode: encode) { session in
      var receipt = RegistrationReceipt(registered: 0, changed: 0, unchanged: 0)
      var seen: Set<String> = []
      for (index, institution) in institutions.enumerated() {
        let field = "institutions[\(index)]"
        do throws(DomainError) { try institution.validate() } catch { throw error.within(field) }
        guard seen.insert(institution.id).inserted else {
          throw DomainError.invalid("\(field).name", "institutions/\(institution.id) occurs twice in the request")
        }
        if !institution.employerID.isEmpty, try DictionarySQL.institution(institution.employerID, session) == nil {
          throw DomainError.invalid("\(field).employer_id", "institutions/\(institution.employerID) is not registered")
        }
        if let known = try DictionarySQL.institution(institution.id, session) {
          if known.agrees(with: institution) {
            receipt.unchanged += 1
          } else {
            try DictionarySQL.update(institution, session)
            receipt.changed += 1
          }
        } else {
          try DictionarySQL.insert(institution, session)
          receipt.registered += 1
        }
      }
      try session.append(
        event: try Document.event(
          "institutions.registered", "institutions", envelope.caller.organisation,
          ["registered": .number(Int64(receipt.registered)), "changed": .number(Int64(receipt.changed))]))
      return receipt
    }
  }
}
