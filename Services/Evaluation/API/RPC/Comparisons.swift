import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func findSmallestChanges(
    request: ServerRequest<Huirong_Evaluation_V1_FindSmallestChangesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_SmallestChanges> {
    try await edge.unary(request, context) { message, call in
      let id = try ResourceName.id(of: message.run, in: "runs", field: "run")
      try Require.text(message.institutionID, "institution_id", maximum: 64)
      try Require.number(message.places, in: 0...10_000, "places")
      _ = try await run(id, withOwnLineFor: call.caller, message.institutionID)
      let evaluation = try await recomputed.evaluation(of: id)
      let found = try evaluation.smallestChanges(
        for: message.institutionID, indicatorID: message.indicatorID.isEmpty ? nil : message.indicatorID,
        places: max(1, Int(message.places)))
      var response = Huirong_Evaluation_V1_SmallestChanges()
      response.ranking = Huirong_Evaluation_V1_Ranking(found.row)
      response.changes = found.changes.map(Huirong_Evaluation_V1_SmallestChange.init)
      return response
    }
  }

  package func compareScores(
    request: ServerRequest<Huirong_Evaluation_V1_CompareScoresRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ScoreComparison> {
    try await edge.unary(request, context) { message, call in
      let id = try ResourceName.id(of: message.run, in: "runs", field: "run")
      try Require.text(message.institutionID, "institution_id", maximum: 64)
      if message.otherRun.isEmpty, message.otherInstitutionID.isEmpty {
        throw DomainError.invalid("other_run", "name another run, another institution, or both")
      }
      let run = try await run(id, withOwnLineFor: call.caller, message.institutionID)
      var otherID = id
      if !message.otherRun.isEmpty {
        otherID = try ResourceName.id(of: message.otherRun, in: "runs", field: "other_run")
      }
      let otherInstitution = message.otherInstitutionID.isEmpty ? message.institutionID : message.otherInstitutionID
      let other = try await self.run(otherID, withOwnLineFor: call.caller, otherInstitution)
      guard other.schemeID == run.schemeID, other.schemeVersion == run.schemeVersion else {
        throw DomainError.invalid("other_run", "is a run of another scheme or version: leaves do not correspond")
      }
      let comparison = try await recomputed.evaluation(of: id)
        .compare(message.institutionID, with: otherInstitution, in: try await recomputed.evaluation(of: otherID))
      return Huirong_Evaluation_V1_ScoreComparison(comparison)
    }
  }
}

extension Huirong_Evaluation_V1_SmallestChange {
  init(_ change: SmallestChange) {
    self.init()
    indicatorID = change.indicatorID
    unit = change.unit.proto
    value = change.value
    found = change.isFound
    reason = change.reason
    guard change.isFound else { return }
    neededValue = change.neededValue
    self.change = change.change
    rank = Int32(change.rank)
    totalMicroPoints = change.total
    provenSmallest = change.isProvenSmallest
  }
}

extension Huirong_Evaluation_V1_ScoreComparison {
  init(_ comparison: ScoreComparison) {
    self.init()
    ranking = Huirong_Evaluation_V1_Ranking(comparison.row)
    other = Huirong_Evaluation_V1_Ranking(comparison.other)
    differenceMicroPoints = comparison.difference
    remainderMicroPoints = comparison.remainder
    leaves = comparison.leaves.map { leaf in
      var proto = Huirong_Evaluation_V1_LeafDifference()
      proto.path = leaf.path
      proto.titleZh = leaf.titleZH
      proto.titleEn = leaf.titleEN
      proto.microPoints = leaf.points
      proto.otherMicroPoints = leaf.otherPoints
      proto.contributionMicroPoints = leaf.contribution
      return proto
    }
  }
}
