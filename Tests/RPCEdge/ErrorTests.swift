import Foundation
import GRPCCore
import Kernel
import SwiftProtobuf
import Testing
import WireProtos

@testable import RPCEdge

@Suite("Errors")
struct ErrorTests {
  @Test("every reason has a code, a meaning and a Chinese sentence of its own", arguments: ErrorReason.allCases)
  func complete(reason: ErrorReason) {
    #expect(reason.texts.meaning.hasSuffix("."))
    #expect(reason.texts.chinese.hasSuffix("。"))
    #expect(ErrorReason.allCases.filter { $0.texts.chinese == reason.texts.chinese } == [reason])
    #expect(ErrorReason.allCases.filter { $0.texts.meaning == reason.texts.meaning } == [reason])
    #expect(reason.kind.code != .unknown)
    #expect(reason.rawValue.allSatisfy { ("A"..."Z").contains($0) || $0 == "_" })
  }

  @Test("every kind has one status, and no two share one")
  func codes() {
    #expect(Set(ErrorKind.allCases.map(\.code)).count == ErrorKind.allCases.count)
  }

  @Test("an error carries exactly one ErrorInfo, its field, and a Chinese message")
  func details() throws {
    let error = DomainError(
      .limitExceeded, "too much", field: "amount.minor_units", metadata: ["limit_minor_units": "500"])
    let status = error.googleStatus
    #expect(status.code == 9)
    #expect(status.message == "too much")
    let infos = status.details.filter { $0.isA(Google_Rpc_ErrorInfo.self) }
    #expect(infos.count == 1)
    let info = try Google_Rpc_ErrorInfo(unpackingAny: infos[0])
    #expect(info.reason == "LIMIT_EXCEEDED")
    #expect(info.domain == "huirong")
    #expect(info.metadata == ["limit_minor_units": "500"])
    let bad = try Google_Rpc_BadRequest(
      unpackingAny: try #require(status.details.first { $0.isA(Google_Rpc_BadRequest.self) }))
    #expect(bad.fieldViolations.map(\.field) == ["amount.minor_units"])
    let localized = try Google_Rpc_LocalizedMessage(
      unpackingAny: try #require(status.details.first { $0.isA(Google_Rpc_LocalizedMessage.self) }))
    #expect(localized.locale == "zh-CN")
    #expect(localized.message == "超过限额。")
  }

  @Test("without a field there is no BadRequest")
  func noField() {
    #expect(!DomainError(.overloaded, "busy").googleStatus.details.contains { $0.isA(Google_Rpc_BadRequest.self) })
  }

  @Test("an error survives the wire", arguments: ErrorReason.allCases)
  func roundTrip(reason: ErrorReason) {
    let error = DomainError(reason, "what happened", field: "a.b", metadata: ["k": "v"])
    #expect(DomainError(received: error.rpcError) == error)
    #expect(DomainError(received: error.googleStatus) == error)
  }

  @Test("a status of somebody else's domain is not taken for ours")
  func foreign() throws {
    var info = Google_Rpc_ErrorInfo()
    info.reason = "OVERLOADED"
    info.domain = "example.com"
    var status = Google_Rpc_Status()
    status.details = [try Google_Protobuf_Any(message: info)]
    #expect(DomainError(received: status) == nil)
  }

  @Test("a message that leaves the process is bounded and stays valid text")
  func bounded() {
    let error = DomainError(.invalidArgument, String(repeating: "融", count: 5000))
    #expect(error.rpcError.message.utf8.count <= 1024)
    #expect(error.rpcError.message.hasSuffix("…"))
  }

  @Test("docs/errors.md shows the table as it is")
  func page() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/errors.md")
      .standardized
    if ProcessInfo.processInfo.environment["HUIRONG_WRITE_DOCS"] != nil {
      try ErrorCatalogue.markdown.write(to: url, atomically: true, encoding: .utf8)
    }
    let page = try String(contentsOf: url, encoding: .utf8)
    #expect(page == ErrorCatalogue.markdown, "run the RPCEdge tests with HUIRONG_WRITE_DOCS=1")
  }
}
