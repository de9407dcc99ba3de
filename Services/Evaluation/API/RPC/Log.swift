import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func getFeedStatus(
    request: ServerRequest<Huirong_Evaluation_V1_GetFeedStatusRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_FeedStatus> {
    try await edge.unary(request, context) { message, call in
      try Require.number(message.waitForSequence, in: 0...Int64.max, "wait_for_sequence")
      var source: FeedSource?
      if !message.source.isEmpty {
        guard let named = FeedSource(rawValue: message.source) else {
          throw DomainError.invalid("source", "\"demand\" or \"fund\"")
        }
        source = named
      }
      if message.waitForSequence > 0 {
        guard let source else { throw DomainError.invalid("source", "waiting needs one source") }
        await wait(for: source, message.waitForSequence, call)
      }
      var status = Huirong_Evaluation_V1_FeedStatus()
      status.sources = await feeds.reports().filter { source == nil || $0.source == source }
        .map(Huirong_Evaluation_V1_FeedSource.init)
      return status
    }
  }

  /// Most time a call waits when its caller gave no deadline.
  private static let longestWait = Duration.seconds(60)
  /// The part of the remaining time kept back to send the answer that says how far it came.
  private static let reserve = 10

  private func wait(for source: FeedSource, _ sequence: Int64, _ call: CallInfo) async {
    let remaining = call.remaining ?? Self.longestWait
    let limit = min(Self.longestWait, remaining - remaining / Self.reserve)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await feeds.wait(for: source, sequence: sequence) }
      group.addTask { try? await Task.sleep(for: max(.zero, limit)) }
      await group.next()
      group.cancelAll()
    }
  }

  package func watchEvaluation(
    request: ServerRequest<Huirong_Evaluation_V1_WatchEvaluationRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_EvaluationEvent> {
    try await edge.serverStream(request, context) { message, _, writer in
      try Require.number(message.afterSequence, in: 0...Int64.max, "after_sequence")
      let head = try await queries.logHead()
      if message.untilHead, message.afterSequence >= head { return }
      for try await entry in queries.log(after: message.afterSequence) {
        try await writer.write(Huirong_Evaluation_V1_EvaluationEvent(entry))
        if message.untilHead, entry.sequence >= head { return }
      }
    }
  }

  package func verifyChain(
    request: ServerRequest<Huirong_Evaluation_V1_VerifyChainRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Common_V1_ChainReport> {
    try await edge.unary(request, context) { _, _ in
      let finding = try await queries.verifyChain()
      var report = Huirong_Common_V1_ChainReport()
      report.chain = "evaluation.events"
      report.entries = finding.entries
      report.intact = finding.firstBad == nil
      report.firstBadSequence = finding.firstBad ?? 0
      report.headHash = Data(finding.headHash)
      return report
    }
  }
}
