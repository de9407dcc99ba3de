import Testing

@testable import Observability

@Suite("W3C trace context")
struct TraceContextTests {
  static let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("the standard's example is read and written back unchanged")
  func roundTrip() throws {
    let context = try #require(TraceContext(traceparent: Self.example))
    #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.span == 0x00f0_67aa_0ba9_02b7)
    #expect(context.sampled)
    #expect(context.traceparent == Self.example)
  }

  @Test("a child keeps the trace and the sampling and has a span of its own")
  func child() throws {
    let parent = try #require(TraceContext(traceparent: Self.example))
    let child = parent.child()
    #expect(child.traceID == parent.traceID)
    #expect(child.sampled)
    #expect(child.span != parent.span)
  }

  @Test("a later version with more fields is read as version 00")
  func laterVersion() {
    #expect(TraceContext(traceparent: "01" + Self.example.dropFirst(2) + "-what-comes-next") != nil)
  }

  @Test(
    "what does not follow the standard is refused",
    arguments: [
      "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", example + "-more", example + "x",
      "ff" + example.dropFirst(2), "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", example.uppercased(),
      "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "01" + example.dropFirst(2) + "x",
      String(repeating: "é", count: 28),
    ])
  func refused(text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }

  @Test("new traces differ")
  func unique() {
    #expect(Set((0..<10_000).map { _ in TraceContext.root().traceID }).count == 10_000)
  }
}
