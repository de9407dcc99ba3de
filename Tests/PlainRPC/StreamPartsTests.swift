import NIOCore
import Synchronization
import Testing

@testable import PlainRPC

@Suite(.oneAtATime) struct StreamPartsTests {
  private final class Entry {
    let id: UInt32
    init(_ id: UInt32) { self.id = id }
  }

  @Test func `a stream table behaves as a dictionary`() {
    var random = SeededGenerator(seed: 11)
    var table = StreamTable<Entry>()
    var model: [UInt32: Entry] = [:]
    var next: UInt32 = 1
    for step in 0..<50_000 {
      switch random.number(below: 5) {
      case 0, 1:
        let entry = Entry(next)
        table.insert(entry, id: next)
        model[next] = entry
        next += UInt32(1 + random.number(below: 40))
      case 2, 3:
        guard let id = model.keys.randomElement(using: &random) else { continue }
        #expect(table.remove(id) === model.removeValue(forKey: id))
      default:
        let id = UInt32(random.number(below: Int(next) + 1))
        #expect(table[id] === model[id])
      }
      if step % 1_000 == 0 {
        #expect(table.count == model.count)
        #expect(Set(table.all.map(\.id)) == Set(model.keys))
      }
    }
  }

  @Test func `a bucket lets a burst through and then its rate`() {
    var now = NIODeadline.uptimeNanoseconds(1_000)
    var bucket = TokenBucket(.init(burst: 3, perSecond: 2), now: now)
    func taken(_ count: Int) -> [Bool] { (0..<count).map { _ in bucket.take(now: now) } }
    #expect(taken(5) == [true, true, true, false, false])
    now = now + .milliseconds(499)
    #expect(taken(1) == [false])
    now = now + .milliseconds(1)
    #expect(taken(1) == [true])
    now = now + .hours(1)
    #expect(taken(4) == [true, true, true, false])
  }

  // MARK: - Inbox

  private func inbox() -> MessageInbox {
    MessageInbox(window: 1_000, total: .init()) { _ in }
  }

  @Test func `messages come out in order, then the end`() async throws {
    let inbox = inbox()
    for text in ["a", "b"] { inbox.push(ByteBuffer(string: text)) }
    inbox.finish()
    inbox.push(ByteBuffer(string: "late"))
    var found: [String] = []
    while let message = try await inbox.next() { found.append(String(buffer: message)) }
    #expect(found == ["a", "b"])
  }

  @Test func `an error drops what waits and stays`() async {
    struct Broken: Error {}
    let inbox = inbox()
    inbox.push(ByteBuffer(string: "a"))
    inbox.finish(throwing: Broken())
    for _ in 0..<2 { await #expect(throws: Broken.self) { try await inbox.next() } }
  }

  @Test func `a consumer that waits is woken by a message, an end and its cancellation`() async throws {
    let inbox = inbox()
    async let first = inbox.next()
    inbox.push(ByteBuffer(string: "a"))
    let message = try await first
    #expect(message.map { String(buffer: $0) } == "a")
    let waiting = Task { try await inbox.next() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    async let last = inbox.next()
    inbox.finish()
    let end = try await last
    #expect(end == nil)
  }

  @Test func `consumed bytes are granted back in halves of the window`() async throws {
    let granted = Grants()
    let inbox = MessageInbox(window: 1_000, total: .init()) { granted.add($0) }
    let cost = MessageInbox.cost(136)
    #expect(cost == 200)
    for _ in 0..<4 { inbox.push(ByteBuffer(repeating: 0, count: 136)) }
    for _ in 0..<3 { _ = try await inbox.next() }
    #expect(granted.all == [])
    _ = try await inbox.next()
    #expect(granted.all == [600])
  }

  private final class Grants: Sendable {
    private let state = Mutex<[Int]>([])
    var all: [Int] { state.withLock { $0 } }
    func add(_ bytes: Int) { state.withLock { $0.append(bytes) } }
  }

  @Test func `what inboxes hold is counted until it is consumed or dropped`() async throws {
    let total = MessageInbox.Total()
    let left = MessageInbox(window: 1_000, total: total) { _ in }
    var right: MessageInbox? = MessageInbox(window: 1_000, total: total) { _ in }
    left.push(ByteBuffer(repeating: 0, count: 36))
    right?.push(ByteBuffer(repeating: 0, count: 136))
    #expect(total.value == 300)
    _ = try await left.next()
    #expect(total.value == 200)
    right = nil
    #expect(total.value == 0)
  }

  // MARK: - Gate

  @Test func `a gate lets writers through while credit is above zero`() async throws {
    let gate = CreditGate(credit: 10)
    try await gate.acquire(100)
    let order = Mutex<[Int]>([])
    let second = Task { try await gate.acquire(5) }
    #expect(gate.grant(89))
    #expect(gate.grant(2))
    try await second.value
    order.withLock { $0.append(2) }
    gate.setWritable(false)
    let third = Task { try await gate.acquire(1) }
    #expect(gate.grant(1_000))
    gate.setWritable(true)
    try await third.value
  }

  @Test func `credit beyond 31 bits is the peer's fault`() {
    let gate = CreditGate(credit: 1)
    #expect(gate.grant(Int(Int32.max) - 1))
    #expect(!gate.grant(1))
  }

  @Test func `a closed gate and a cancelled writer fail`() async {
    struct Closed: Error {}
    let gate = CreditGate(credit: 0)
    let cancelled = Task { try await gate.acquire(1) }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    let waiting = Task { try await gate.acquire(1) }
    gate.close(Closed())
    await #expect(throws: Closed.self) { try await waiting.value }
    await #expect(throws: Closed.self) { try await gate.acquire(1) }
  }

  // MARK: - Method table

  @Test func `methods are found by name and others are not`() throws {
    let methods = (0..<200).map { number in
      PlainMethod(
        descriptor: PlainMethodDescriptor(
          fullName: "a.b.C/\(number)", kind: .unary, requestType: Samples.messageType, responseType: Samples.messageType
        ),
        handler: MethodHandler())
    }
    let table = try MethodTable(methods)
    for method in methods {
      let found = Array(method.descriptor.fullName.utf8).withUnsafeBytes { table.find($0) }
      #expect(found?.descriptor.fullName == method.descriptor.fullName)
    }
    for name in ["", "a", "a.b.C/", "a.b.C/200", "a.b.C/1 "] {
      let found = Array(name.utf8).withUnsafeBytes { table.find($0) }
      #expect(found == nil)
    }
    #expect(throws: MethodTable.Problem.duplicate("a.b.C/3")) { try MethodTable(methods + [methods[3]]) }
  }
}

extension Samples {
  static let messageType = type(of: request)
}
