package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func createIndicators(
    _ indicators: [Indicator], envelope: CommandEnvelope, encode: @escaping Encode<[Indicator]>
  ) async throws -> CommandReply<[Indicator]> {
    try await store.command(envelope, encode: encode) { session in
      var dictionary = try DictionarySQL.allIndicators(session)
      for (index, indicator) in indicators.enumerated() {
        let field = "indicators[\(index)]"
        do throws(DomainError) { try indicator.validate { dictionary[$0] } } catch { throw error.within(field) }
        if dictionary[indicator.id] != nil {
          throw DomainError(
            .resourceExists, "indicators/\(indicator.id) exists", field: "\(field).name",
            metadata: ["resource": "indicators/\(indicator.id)"])
        }
        dictionary[indicator.id] = indicator
        try DictionarySQL.insert(indicator, session)
        try session.append(
          event: try Document.event(
            "indicator.created", "indicators/\(indicator.id)", envelope.caller.organisation,
            ["unit": .text(indicator.unit.canonical), "source": .text(indicator.source.canonical)]))
      }
      return indicators
    }
  }

  package func reviseIndicator(
    _ indicator: Indicator, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping Encode<Indicator>
  ) async throws -> CommandReply<Indicator> {
    try await store.command(envelope, encode: encode) { session in
      let dictionary = try DictionarySQL.allIndicators(session)
      guard let known = dictionary[indicator.id] else { throw DomainError.notFound("indicators/\(indicator.id)") }
      let revised: Indicator
      do throws(DomainError) {
        revised = try known.revised(as: indicator, previous: previousVersion)
        try revised.validate { dictionary[$0] }
      } catch {
        throw error.field == "previous_version" ? error : error.within("indicator")
      }
      try session.execute(
        "INSERT INTO superseded_indicator (id, version, document) VALUES (?, ?, ?)",
        [.text(known.id), .integer(Int64(known.version)), .text(try Document.text(known))])
      try session.execute(
        "UPDATE indicator SET document = ? WHERE id = ?", [.text(try Document.text(revised)), .text(revised.id)])
      try session.append(
        event: try Document.event(
          "indicator.revised", "indicators/\(revised.id)", envelope.caller.organisation,
          ["version": .number(Int64(revised.version))]))
      return revised
    }
  }
}
