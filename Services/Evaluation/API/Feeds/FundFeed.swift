package import EvaluationDomain
package import Kernel
package import PlainRPC
package import Protos
import RPCEdge

/// The fund's log: guarantees that came into force and claims that were paid, for the lender that holds them.
package struct FundFeed: FeedLog {
  package let source = FeedSource.fund
  private let client: Huirong_Fund_V1_FundService.PlainClient

  package init(_ client: PlainClient) { self.client = Huirong_Fund_V1_FundService.PlainClient(client) }

  package func follow(
    after sequence: Int64, opened: @Sendable () async -> Void,
    receive: @Sendable (FeedEvent) async throws -> Void
  ) async throws {
    var request = Huirong_Fund_V1_WatchFundRequest()
    request.afterSequence = sequence
    let stream = try await client.watchFund(request, options: PlainCallOptions(waitForReady: false))
    await opened()
    for try await event in stream { try await receive(FeedEvent(event)) }
  }
}

extension FeedEvent {
  /// Imported rows of a historical book are no conduct of the month they were imported in and count for nobody.
  package init(_ event: Huirong_Fund_V1_FundEvent) throws(DomainError) {
    let day =
      event.hasBusinessDate
      ? try BusinessDate(event.businessDate, field: "business_date")
      : try Instant(microseconds: event.header.commitTimeMicros).shanghaiDate()
    self.init(source: .fund, sequence: event.header.sequence, day: day, effects: try Self.effects(event))
  }

  private static func effects(_ event: Huirong_Fund_V1_FundEvent) throws(DomainError) -> [FeedEffect] {
    guard case .guarantee(let guarantee)? = event.payload else { return [] }
    let lender = FeedInstitution.id(guarantee.lender)
    switch event.header.type {
    case "guarantee.committed":
      return [
        .count(.guaranteesCommitted, lender),
        .money(.guaranteedAmount, lender, try Money(guarantee.guaranteedAmount, field: "guaranteed_amount")),
      ]
    case "guarantee.compensated":
      return [
        .count(.claimsPaid, lender), .money(.claimedAmount, lender, try Money(guarantee.amount, field: "amount")),
      ]
    default: return []
    }
  }
}
