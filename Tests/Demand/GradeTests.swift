import DemandAPI
import DemandDomain
import DemandStore
import Kernel
import Logging
import Protos
import SwiftProtobuf
import Synchronization
import Testing

/// Platform grades as received from the evaluation.
@Suite struct GradeTests {
  private func event(
    _ sequence: Int64, _ grade: PlatformGrade, on day: String, firm: String = Fixture.uscc
  ) -> GradeEvent {
    GradeEvent(
      sequence: sequence,
      grade: ReceivedGrade(
        enterprise: firm, grade: grade, gradedOn: Fixture.date(day), source: "ratings/r\(sequence)"))
  }

  @Test func `a grade is taken over once with its day and source, however often its event comes`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      for _ in 1...2 {
        try await test.demands.receive([event(3, .a, on: "2024-12-30")], now: Fixture.noon)
        let firm = try await test.demands.enterprise(Fixture.uscc)
        #expect(firm.grade == .a && firm.revision == 2)
        #expect(firm.ties.gradeReceipt == GradeReceipt(source: "ratings/r3", gradedOn: Fixture.date("2024-12-30")))
        #expect(try await test.demands.gradeCursor() == 3)
      }
      let graded = try await test.log().filter { $0.type == "enterprise.graded" }
      #expect(graded.map(\.context.actor) == ["evaluation"] && graded.map(\.context.reason) == ["ratings/r3"])
    }
  }

  @Test func `of two grades the one of the later day holds`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      func receive(_ sequence: Int64, _ grade: PlatformGrade, on day: String) async throws -> PlatformGrade? {
        try await test.demands.receive([event(sequence, grade, on: day)], now: Fixture.noon)
        return try await test.demands.enterprise(Fixture.uscc).grade
      }
      #expect(try await receive(1, .c, on: "2024-12-01") == .c)
      #expect(try await receive(2, .a, on: "2024-11-30") == .c)
      #expect(try await receive(3, .d, on: "2024-12-01") == .d)
      #expect(try await receive(4, .b, on: "2024-12-02") == .b)
    }
  }

  @Test func `a firm that registers later finds its grade, alone and in a batch`() async throws {
    try await TestStore.with { test in
      let other = try Fixture.firm(number: 1).organisation
      let events = [event(1, .a, on: "2024-12-01"), event(2, .e, on: "2024-12-01", firm: other)]
      try await test.demands.receive(events, now: Fixture.noon)
      let draft = try Fixture.draft(grade: nil)
      try await test.register(try Fixture.registration(draft: draft))
      let batch = [Result<RegisterEnterprise, DomainError>.success(try Fixture.registration(other, draft: draft))]
      _ = try await test.demands.register(
        batch: batch, envelope: try test.envelope("batch", Fixture.operators), encode: { _ in [] })
      #expect(try await test.demands.enterprise(Fixture.uscc).grade == .a)
      #expect(try await test.demands.enterprise(other).grade == .e)
    }
  }

  @Test func `following goes on after a break from the last grade that was kept`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      let log = BreakingLog([
        .events([event(1, .a, on: "2024-12-01"), GradeEvent(sequence: 4, grade: nil)]), .away, .away,
        .events([event(9, .b, on: "2024-12-02")]),
      ])
      let follower = GradeFollower(
        log: log, ledger: test.demands, clock: { Fixture.noon }, logger: Logger(label: "test"), pause: { _ in })
      let task = Task { try await follower.run() }
      await log.exhausted()
      task.cancel()
      _ = await task.result
      #expect(log.asked == [0, 4, 4, 4, 9])
      let firm = try await test.demands.enterprise(Fixture.uscc)
      #expect(firm.grade == .b && firm.revision == 3)
    }
  }

  @Test func `only a new rating with a platform grade grades a firm`() throws {
    func wire(_ type: String, _ grade: Huirong_Common_V1_PlatformGrade) -> Huirong_Evaluation_V1_RatingEvent {
      .with {
        $0.header.sequence = 7
        $0.header.type = type
        $0.rating.name = "ratings/x"
        $0.rating.enterprise = Fixture.uscc
        $0.rating.platformGrade = grade
        $0.rating.businessDate = Wire.date(2025, 1, 1)
      }
    }
    #expect(try GradeEvent(wire("rating.graded", .a)).grade?.grade == .a)
    #expect(try GradeEvent(wire("rating.graded", .unspecified)).grade == nil)
    #expect(try GradeEvent(wire("rating.outcome-recorded", .a)).grade == nil)
    #expect(try GradeEvent(.with { $0.header.sequence = 8 }) == GradeEvent(sequence: 8, grade: nil))
  }
}

/// A log whose streams break one after the other; the last one waits for its end.
private final class BreakingLog: GradeLog {
  enum Stream {
    case events([GradeEvent])
    case away
  }
  struct Broken: Error {}

  private struct State {
    var streams: [Stream]
    var asked: [Int64] = []
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(_ streams: [Stream]) { state = Mutex(State(streams: streams)) }

  var asked: [Int64] { state.withLock { $0.asked } }

  func follow(after sequence: Int64, receive: @Sendable (GradeEvent) async throws -> Void) async throws {
    let (stream, waiter) = state.withLock { state -> (Stream?, CheckedContinuation<Void, Never>?) in
      state.asked.append(sequence)
      if !state.streams.isEmpty { return (state.streams.removeFirst(), nil) }
      defer { state.waiter = nil }
      return (nil, state.waiter)
    }
    switch stream {
    case .away: throw Broken()
    case .events(let events): for event in events { try await receive(event) }
    case nil:
      waiter?.resume()
      // A quiet log: nothing comes until the follower is cancelled.
      let (quiet, continuation) = AsyncStream<Void>.makeStream()
      for await _ in quiet {}
      continuation.finish()
    }
    throw Broken()
  }

  /// Returns once every stream was asked for, and what comes after them too.
  func exhausted() async {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if state.asked.count > 4 { return true }
        state.waiter = continuation
        return false
      }
      if isDone { continuation.resume() }
    }
  }
}
