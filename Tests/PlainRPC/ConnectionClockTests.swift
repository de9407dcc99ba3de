import NIOCore
import Testing

@testable import PlainRPC

/// The timeouts of a connection, in a time that the test makes up.
@Suite(.oneAtATime) struct ConnectionClockTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private let limits = PlainLimits.default

  private func clock() -> ConnectionClock { ConnectionClock(limits: limits, now: start) }

  private func at(_ seconds: Double) -> NIODeadline { start + .nanoseconds(Int64(seconds * 1e9)) }

  @Test func `a handshake that does not come is a fault`() {
    let clock = clock()
    #expect(clock.check(now: at(5), readIsPaused: false) == .nothing)
    #expect(clock.check(now: at(5.1), readIsPaused: false) == .fault("no SETTINGS within 5.0 seconds"))
  }

  @Test func `a frame that does not end is a fault, and one that ends is not`() {
    let clock = clock()
    clock.didOpen()
    clock.didReceive(at(1))
    clock.isMidFrame(true, now: at(1))
    clock.didReceive(at(20))
    clock.isMidFrame(true, now: at(20))
    #expect(clock.check(now: at(21), readIsPaused: false) == .nothing)
    #expect(clock.check(now: at(21.1), readIsPaused: false) == .fault("a frame was not complete within 20.0 seconds"))
    clock.didCompleteFrame()
    clock.isMidFrame(true, now: at(21.1))
    #expect(clock.check(now: at(41), readIsPaused: false) == .nothing)
    clock.isMidFrame(false, now: at(41))
    clock.didReceive(at(41))
    #expect(clock.check(now: at(70), readIsPaused: false) == .nothing)
  }

  @Test func `silence is asked about, and no answer is death`() {
    let clock = clock()
    clock.didOpen()
    clock.didReceive(at(1))
    #expect(clock.check(now: at(31), readIsPaused: false) == .nothing)
    #expect(clock.check(now: at(31.1), readIsPaused: false) == .ping)
    #expect(clock.check(now: at(41), readIsPaused: false) == .nothing)
    #expect(clock.check(now: at(41.2), readIsPaused: false) == .dead("no answer to a PING within 10.0 seconds"))
    clock.didReceive(at(41.2))
    #expect(clock.check(now: at(60), readIsPaused: false) == .nothing)
  }

  @Test func `a peer that does not read is given up`() {
    let clock = clock()
    clock.didOpen()
    clock.didChangeWritability(false, now: at(2))
    #expect(clock.check(now: at(22), readIsPaused: true) == .nothing)
    #expect(clock.check(now: at(22.1), readIsPaused: true) == .dead("the peer has not read for 20.0 seconds"))
    clock.didChangeWritability(true, now: at(22.1))
    #expect(clock.check(now: at(30), readIsPaused: false) == .nothing)
  }

  @Test func `a frame held up by this side is not the sender's fault`() {
    let clock = clock()
    clock.didOpen()
    clock.isMidFrame(true, now: at(1))
    clock.didChangeWritability(false, now: at(2))
    #expect(clock.check(now: at(21.5), readIsPaused: true) == .nothing)
    clock.didChangeWritability(true, now: at(21.5))
    #expect(clock.check(now: at(41), readIsPaused: false) == .nothing)
  }

  @Test func `time in which this side did not run is not counted against the peer`() {
    let clock = clock()
    clock.didOpen()
    for second in 1...32 { clock.didTick(at(Double(second))) }
    #expect(clock.check(now: at(32), readIsPaused: false) == .ping)
    clock.didTick(at(33))
    // Fifteen seconds without a processor; the answer to the PING may lie unread.
    clock.didTick(at(48))
    #expect(clock.check(now: at(48), readIsPaused: false) == .nothing)
    for second in 49...56 { clock.didTick(at(Double(second))) }
    #expect(clock.check(now: at(56), readIsPaused: false) == .nothing)
    clock.didTick(at(57))
    #expect(clock.check(now: at(57), readIsPaused: false) == .dead("no answer to a PING within 10.0 seconds"))
  }

  @Test func `ticks are a quarter of the shortest timeout within bounds`() {
    #expect(clock().tick == .seconds(1))
    var short = limits
    short.frameTimeout = .milliseconds(40)
    #expect(ConnectionClock(limits: short, now: start).tick == .milliseconds(10))
    short.frameTimeout = .microseconds(1)
    #expect(ConnectionClock(limits: short, now: start).tick == .milliseconds(1))
  }
}
