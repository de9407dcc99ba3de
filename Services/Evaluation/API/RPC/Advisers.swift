import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension EvaluationService {
  package func nameExcellentAdvisers(
    request: ServerRequest<Huirong_Evaluation_V1_NameExcellentAdvisersRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_AdviserAwards> {
    try await edge.command(request, context) { (awards: AdviserAwards) in
      Huirong_Evaluation_V1_AdviserAwards(awards)
    } _: { message, command in
      try Require.number(message.proportionPpm, in: 1...1_000_000, "proportion_ppm")
      return try await commands.nameExcellentAdvisers(
        runID: try ResourceName.id(of: message.run, in: "runs", field: "run"), proportionPPM: message.proportionPpm,
        envelope: command.envelope, encode: command.encode)
    }
  }

  package func listAdviserAwards(
    request: ServerRequest<Huirong_Evaluation_V1_ListAdviserAwardsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListAdviserAwardsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await queries.adviserAwards(after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListAdviserAwardsResponse()
      response.adviserAwards = found.items.map(Huirong_Evaluation_V1_AdviserAwards.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}

extension Huirong_Evaluation_V1_AdviserAwards {
  init(_ named: AdviserAwards) {
    self.init()
    run = "runs/\(named.runID)"
    period = named.period
    proportionPpm = named.proportionPPM
    awards = named.awards.map { award in
      var proto = Huirong_Evaluation_V1_AdviserAward()
      proto.adviserID = award.adviserID
      proto.title = award.title
      proto.table = award.table
      proto.rank = Int32(clamping: award.rank)
      proto.totalMicroPoints = award.total
      proto.employerID = award.employerID
      return proto
    }
    namer = named.namer
    nameTime = Google_Protobuf_Timestamp(named.nameTime)
  }
}
