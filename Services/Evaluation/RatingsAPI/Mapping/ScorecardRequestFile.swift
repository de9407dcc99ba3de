package import EvaluationRatings
import Foundation
import Kernel
import Protos
import SwiftProtobuf

/// A scorecard as a file: a `CreateScorecardRequest` in protobuf's JSON form without a request id, with sorted keys, so
/// that one scorecard has one text.
package enum ScorecardRequestFile {
  package static func json(_ card: Scorecard) throws -> String {
    var request = Huirong_Evaluation_V1_CreateScorecardRequest()
    request.scorecard = Huirong_Evaluation_V1_Scorecard(card)
    let object = try JSONSerialization.jsonObject(with: try request.jsonUTF8Data())
    let pretty = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: pretty, as: UTF8.self) + "\n"
  }

  /// - Throws: `INVALID_JSON`, or what the scorecard's form lacks.
  package static func scorecard(json: String) throws -> Scorecard {
    let request: Huirong_Evaluation_V1_CreateScorecardRequest
    do { request = try Huirong_Evaluation_V1_CreateScorecardRequest(jsonString: json) } catch {
      throw DomainError(.invalidJSON, "not a CreateScorecardRequest in JSON")
    }
    let card = try Scorecard(request.scorecard)
    try ScorecardValidation.validate(card)
    return card
  }
}
