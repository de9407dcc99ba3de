import Kernel
import Protos
import SwiftProtobuf
import Testing

@testable import RPCEdge

/// A list request with what a page token is bound to, without borrowing a service's own.
private struct ListRequest: PagedRequest, Equatable {
  var pageSize: Int32 = 0
  var pageToken = ""
  var filter = ""

  static let protoMessageName = "test.ListRequest"
  var unknownFields = UnknownStorage()
  init() {}
  init(filter: String, pageSize: Int32 = 0, pageToken: String = "") {
    (self.filter, self.pageSize, self.pageToken) = (filter, pageSize, pageToken)
  }
  mutating func decodeMessage<D: Decoder>(decoder: inout D) throws {
    while let field = try decoder.nextFieldNumber() {
      switch field {
      case 1: try decoder.decodeSingularInt32Field(value: &pageSize)
      case 2: try decoder.decodeSingularStringField(value: &pageToken)
      case 3: try decoder.decodeSingularStringField(value: &filter)
      default: break
      }
    }
  }
  func traverse<V: Visitor>(visitor: inout V) throws {
    if pageSize != 0 { try visitor.visitSingularInt32Field(value: pageSize, fieldNumber: 1) }
    if !pageToken.isEmpty { try visitor.visitSingularStringField(value: pageToken, fieldNumber: 2) }
    if !filter.isEmpty { try visitor.visitSingularStringField(value: filter, fieldNumber: 3) }
  }
  func isEqualTo(message: any Message) -> Bool { (message as? ListRequest) == self }
}

@Suite("Paging")
struct PagingTests {
  @Test("page sizes follow AIP-158", arguments: [(0, 50), (1, 1), (1000, 1000), (1001, 1000), (Int32.max, 1000)])
  func size(asked: Int32, given: Int) throws {
    #expect(try Page.size(asked) == given)
  }

  @Test("a negative page size is refused")
  func negative() {
    let error = #expect(throws: DomainError.self) { try Page.size(-1) }
    #expect(error?.reason == .invalidPageSize)
    #expect(error?.field == "page_size")
  }

  @Test("a token leads to where the page before ended, whatever the page size")
  func token() throws {
    let first = try Page(ListRequest(filter: "a = 1", pageSize: 2), method: "s/List")
    #expect(first.cursor == nil)
    let (rows, next) = first.cut(["x", "y", "z"]) { $0 + "|键" }
    #expect(rows == ["x", "y"])
    #expect(next.utf8.allSatisfy { $0 < 128 })
    let second = try Page(ListRequest(filter: "a = 1", pageSize: 7, pageToken: next), method: "s/List")
    #expect(second.cursor == "y|键")
    #expect(second.cut(["z"]) { $0 }.nextPageToken == "")
  }

  @Test("a token of other arguments or another method is refused")
  func binding() throws {
    let token = try Page(ListRequest(filter: "a = 1"), method: "s/List").token(after: "x")
    for (request, method) in [
      (ListRequest(filter: "a = 2", pageToken: token), "s/List"),
      (ListRequest(filter: "a = 1", pageToken: token), "t/List"),
    ] {
      let error = #expect(throws: DomainError.self) { try Page(request, method: method) }
      #expect(error?.reason == .invalidPageToken)
      #expect(error?.message.contains("other arguments") == true)
    }
  }

  @Test("no changed character of a token goes unnoticed")
  func tampering() throws {
    let token = try Page(ListRequest(filter: "f"), method: "s/List").token(after: "cursor")
    for index in token.indices {
      for replacement in ["A", "_", "=", "é"] where String(token[index]) != replacement {
        var changed = token
        changed.replaceSubrange(index...index, with: replacement)
        #expect(throws: DomainError.self) { try Page(ListRequest(filter: "f", pageToken: changed), method: "s/List") }
      }
    }
  }

  @Test("random text is never a token and never a trap")
  func random() {
    var generator = SplitMix(seed: 7)
    let alphabet = Array("ABCabc019-_=+/ é")
    for _ in 0..<20_000 {
      let text = String(
        (0..<Int.random(in: 1...80, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
      #expect(throws: DomainError.self) { try Page(ListRequest(filter: "", pageToken: text), method: "s/List") }
    }
  }

  @Test("base64url has one spelling for each sequence of bytes")
  func base64() {
    var generator = SplitMix(seed: 8)
    for length in 0..<70 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
    #expect(Base64URL.decode("AB") == nil, "stray bits")
    #expect(Base64URL.decode("A") == nil)
    #expect(Base64URL.decode("AA==") == nil)
  }
}

/// Seeded randomness, so that a failure repeats.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
