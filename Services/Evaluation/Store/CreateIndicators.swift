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
}
