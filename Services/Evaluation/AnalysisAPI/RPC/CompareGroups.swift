import EvaluationAnalysis
import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  package func compareGroups(
    request: ServerRequest<Huirong_Evaluation_V1_CompareGroupsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_CompareGroupsResponse> {
    try await edge.unary(request, context) { message, call in
      let comparison: GroupComparison
      switch message.source {
      case nil: throw DomainError(.requiredFieldMissing, "run or scores is required", field: "run")
      case .run(let run): comparison = try await compare(run, for: call.caller)
      case .scores(let scores):
        let list: ScoredList
        do throws(DomainError) {
          list = try ScoredList(scores.scores, label: "")
        } catch { throw error.within("scores.scores") }
        do throws(DomainError) {
          comparison = try GroupComparison(list, groups: scores.groups)
        } catch { throw error.within("scores") }
      }
      return Huirong_Evaluation_V1_CompareGroupsResponse(comparison)
    }
  }

  private func compare(
    _ run: Huirong_Evaluation_V1_GroupedRun, for caller: Caller
  ) async throws -> GroupComparison {
    let dimension = try Require.value(run.dimension, "run.dimension")
    if run.regionDigits != 0 {
      try Require.number(run.regionDigits, in: 2...12, "run.region_digits")
      guard dimension == .region else {
        throw DomainError.invalid("run.region_digits", "only regions have digits")
      }
    }
    do {
      let table = try await runs.table(run.run, for: caller)
      let digits = run.regionDigits == 0 ? Self.countyDigits : Int(run.regionDigits)
      let groups = table.institutions.map { institution in
        switch dimension {
        case .unspecified, .UNRECOGNIZED, .region: String(institution.regionCode.prefix(digits))
        case .type: institution.type
        case .peerGroup: institution.peerGroup
        }
      }
      return try GroupComparison(try table.totals(label: ""), groups: groups)
    } catch let error as DomainError { throw error.within("run") }
  }

  /// Leading digits of a region code that make a county.
  private static let countyDigits = 6
}

extension Huirong_Evaluation_V1_CompareGroupsResponse {
  fileprivate init(_ comparison: GroupComparison) {
    self.init()
    groups = comparison.groups.map { group in
      var proto = Huirong_Evaluation_V1_GroupStatistics()
      proto.group = group.name
      proto.count = Int32(group.count)
      proto.mean = group.mean
      proto.lowerQuartile = group.lowerQuartile
      proto.median = group.median
      proto.upperQuartile = group.upperQuartile
      proto.meanRank = group.meanRank
      proto.bestRank = Int32(group.bestRank)
      proto.bestAlternative = group.bestAlternative
      proto.firstQuarterCount = Int32(group.firstQuarterCount)
      return proto
    }
    if let share = comparison.betweenShare { betweenShare = share }
    if let found = comparison.test {
      test.statistic = found.statistic
      test.degreesOfFreedom = Int32(found.degreesOfFreedom)
      test.pValue = found.pValue
    }
  }
}
