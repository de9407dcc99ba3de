import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func tryScheme(
    request: ServerRequest<Huirong_Evaluation_V1_TrySchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_SchemeTrial> {
    try await edge.unary(request, context) { message, call in
      Huirong_Evaluation_V1_SchemeTrial(try await queries.tryScheme(try TrialRequest(message, now: call.now)))
    }
  }
}

extension TrialRequest {
  init(_ message: Huirong_Evaluation_V1_TrySchemeRequest, now: Instant) throws(DomainError) {
    try Require.number(message.version, in: 0...1_000_000, "version")
    try Require.number(message.baselineVersion, in: 0...1_000_000, "baseline_version")
    try Require.text(message.period, "period", maximum: 32)
    if !message.peerGroup.isEmpty, !ResourceName.isID(message.peerGroup) {
      throw .invalid("peer_group", "not the name of a peer group")
    }
    let subject: Subject
    if message.hasScheme {
      if !message.name.isEmpty || message.version != 0 {
        throw .invalid("scheme", "give either a stored scheme's name and version or a scheme")
      }
      subject = .unstored(try Scheme(message.scheme, now: now))
    } else {
      subject = .stored(
        id: try ResourceName.id(of: message.name, in: "schemes"),
        version: message.version == 0 ? nil : Int(message.version))
    }
    self.init(
      subject: subject, scope: RunScope(period: try Period(message.period), peerGroup: message.peerGroup),
      baselineVersion: message.baselineVersion == 0 ? nil : Int(message.baselineVersion))
  }
}

extension Huirong_Evaluation_V1_SchemeTrial {
  init(_ trial: SchemeTrial) {
    self.init()
    schemeDigest = Data(Hexadecimal.bytes(trial.schemeDigest))
    digest = Data(Hexadecimal.bytes(trial.frozen.run.digest))
    resultDigest = Data(Hexadecimal.bytes(trial.frozen.run.resultDigest))
    baselineVersion = Int32(trial.baselineVersion)
    tables = trial.frozen.run.tables.map(Huirong_Evaluation_V1_RunTable.init)
    let before = Dictionary(trial.baseline.map { ($0.institutionID, $0) }, uniquingKeysWith: { $1 })
    rankings = trial.frozen.evaluation.tables.flatMap(\.rows).map { row in
      var line = Huirong_Evaluation_V1_TrialRanking()
      line.ranking = Huirong_Evaluation_V1_Ranking(row)
      line.baselineRank = Int32(before[row.institutionID]?.rank ?? 0)
      line.baselineMicroPoints = before[row.institutionID]?.total ?? 0
      return line
    }
  }
}
