package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func adoptScheme(
    id: String, version: Int, digest: String, envelope: CommandEnvelope, encode: @escaping Encode<StoredScheme>
  ) async throws -> CommandReply<StoredScheme> {
    try await store.command(envelope, encode: encode) { session in
      let adopted = try SchemeSQL.scheme(id, version, session)
        .adopted(by: envelope.caller, digest: digest, now: envelope.now)
      try session.execute(
        "UPDATE scheme_adoption SET adopter = ?, adopt_time_micros = ? WHERE id = ? AND version = ?",
        [
          .text(adopted.adoption.adopter), .integer(envelope.now.microseconds), .text(id), .integer(Int64(version)),
        ])
      try session.append(
        event: try Document.event(
          "scheme.adopted", "schemes/\(id)", envelope.caller.organisation,
          [
            "version": .number(Int64(version)), "digest": .text(digest), "creator": .text(adopted.adoption.creator),
            "adopter": .text(adopted.adoption.adopter),
          ]))
      return adopted
    }
  }
}
