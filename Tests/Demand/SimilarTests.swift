import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct SimilarTests {
  @Test func `the same need through another channel is a resubmission, another amount a split`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let first = try await story.submit()
      let again = try await story.submit({ $0.channel = .grid }, by: Fixture.grid)
      #expect(again.similar.map(\.similarity) == [.resubmission] && again.similar[0].demand == first.name)
      let part = try await story.submit { $0.amount = Wire.cny(900_000_000) }
      #expect(part.similar.map(\.similarity) == [.split, .split])
      let other = try await story.submit { $0.instrument = .lease }
      #expect(other.similar.isEmpty)
      // Nine million pass alone and fail together with the two of two million (cap: ten million a firm).
      let judged = try await story.wire.assess(part.name)
      let rule = judged.assessment.rules.first { $0.rule == "split-demands" }
      #expect(judged.state == .hard && rule?.outcome == .fail && rule?.remedies.count == 2)
    }
  }

  @Test func `the window ends after ninety days and withdrawn demands do not count`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let first = try await story.submit()
      for (day, expected) in [("2025-04-02", 1), ("2025-04-03", 0)] {
        story.wire.time.move(to: day)
        let later = try await story.submit {
          $0.amount = Wire.cny(1_000)
          $0.clearValidUntil()
        }
        #expect(later.similar.filter { $0.demand == first.name }.count == expected, "\(day)")
      }
      let gone = try await story.submit {
        $0.tenorMonths = 5
        $0.clearValidUntil()
      }
      _ = try await story.wire.run(
        "WithdrawDemand",
        .with {
          $0.requestID = story.key()
          $0.name = gone.name
          $0.reason = "x"
        }, by: Fixture.firm, story.wire.service.withdrawDemand(request:context:))
      let last = try await story.submit {
        $0.tenorMonths = 5
        $0.clearValidUntil()
      }
      #expect(!last.similar.contains { $0.demand == gone.name })
    }
  }

  @Test func `an affiliate's demand counts, a stranger's does not`() async throws {
    try await Story.tell { story in
      var sister = Wire.enterprise
      sister.uscc = Fixture.otherUSCC
      _ = try await story.wire.register("sister", sister)
      var firm = Wire.enterprise
      firm.affiliates = ["enterprises/\(Fixture.otherUSCC)"]
      _ = try await story.wire.register("firm", firm)
      let hers = try await story.submit({ $0.enterprise = "enterprises/\(Fixture.otherUSCC)" }, by: Fixture.operators)
      #expect(hers.similar.isEmpty)
      let own = try await story.submit()
      #expect(own.similar.isEmpty)
      let seen = try await story.wire.run(
        "GetDemand", .with { $0.name = own.name }, by: Fixture.operators, story.wire.service.getDemand(request:context:)
      )
      #expect(seen.similar.map(\.similarity) == [.split] && seen.similar.map(\.demand) == [hers.name])
    }
  }
}
