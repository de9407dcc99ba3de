import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct FiftyBanksTests {
  @Test func `of fifty banks that claim at once exactly one wins`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      let wire = story.wire
      let outcomes = await withTaskGroup(of: (String, DomainError?).self) { group in
        for number in 0..<50 {
          group.addTask {
            let bank = "bank-\(number)"
            return (bank, await wire.refusal { try await wire.claim(name, "claim", by: Fixture.bank(bank)) })
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let winners = outcomes.filter { $0.1 == nil }.map(\.0)
      let winner = try #require(winners.first)
      #expect(outcomes.count == 50 && winners.count == 1)
      #expect(outcomes.filter { $0.1 != nil }.allSatisfy { $0.1?.reason == .alreadyClaimed })
      #expect(outcomes.compactMap(\.1).allSatisfy { $0.metadata["institution"] == winner })
      #expect(try await wire.claim(name, "claim", by: Fixture.bank(winner)).claimedInstitution == winner)
      let events = try await story.wire.test.log().filter { $0.type == "demand.claimed" }
      #expect(events.count == 1)
    }
  }
}
