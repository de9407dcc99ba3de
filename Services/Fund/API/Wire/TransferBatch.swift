package import FundDomain
import Kernel
import PlainRPC
package import Protos
package import SwiftProtobuf

import struct Foundation.Data

/// A `CreateTransfersRequest` as the bytes that arrived: a batch of a thousand transfers is read straight into drafts, without a
/// message of its own for every transfer, leg and date, and hashed under its key without being encoded again.
///
/// That holds for a message in the one form that encoders of Protocol Buffers write: fields in the order of their numbers,
/// each at most once, none with its default, numbers in as few bytes as they need. Its bytes are then those that encoding
/// the decoded message would make, so that the hash is the same over either wire. Everything else, and everything that will
/// be answered with an error, takes the way of other requests.
package struct TransferBatch: IdempotentRequest, Sendable {
  package static let protoMessageName = Huirong_Fund_V1_CreateTransfersRequest.protoMessageName

  /// Everything is unknown to this message, which is how the bytes come to be kept.
  package var unknownFields = UnknownStorage()
  /// What the hash covers; `nil` to have the whole.
  private var keyless: Data?

  package init() {}

  package mutating func decodeMessage<D: Decoder>(decoder: inout D) throws {
    while try decoder.nextFieldNumber() != nil {}
  }

  package func traverse<V: Visitor>(visitor: inout V) throws {
    let bytes = keyless ?? unknownFields.data
    if !bytes.isEmpty { try visitor.visitUnknown(bytes: bytes) }
  }

  package func isEqualTo(message: any Message) -> Bool {
    guard let other = message as? TransferBatch else { return false }
    return unknownFields == other.unknownFields && keyless == other.keyless
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(unknownFields.data) }

  package static func == (left: TransferBatch, right: TransferBatch) -> Bool { left.isEqualTo(message: right) }

  /// The request's key, its first field. Without it the message is what its hash covers.
  package var requestID: String {
    get {
      unknownFields.data.withUnsafeBytes { bytes in
        var cursor = CanonicalCursor(bytes)
        guard cursor.takeTag(0x0A), let key = cursor.takeBytes() else { return "" }
        return String(decoding: bytes[key], as: UTF8.self)
      }
    }
    set {
      let data = unknownFields.data
      let start = data.withUnsafeBytes { bytes in
        var cursor = CanonicalCursor(bytes)
        guard cursor.takeTag(0x0A), cursor.takeBytes() != nil else { return 0 }
        return cursor.position
      }
      var rest = data.dropFirst(start)
      if !newValue.isEmpty {
        var key = Huirong_Fund_V1_CreateTransfersRequest()
        key.requestID = newValue
        rest = ((try? key.serializedData()) ?? Data()) + rest
      }
      keyless = rest
    }
  }

  /// The batch; `nil` unless it is in canonical form and without an error of form.
  package func drafts() -> [TransferDraft]? {
    unknownFields.data.withUnsafeBytes { bytes in
      var reader = TransferBatchReader(bytes)
      return reader.read()
    }
  }

  /// The request as a message.
  /// - Throws: what decoding throws.
  package func message() throws -> Huirong_Fund_V1_CreateTransfersRequest {
    try Huirong_Fund_V1_CreateTransfersRequest(serializedBytes: unknownFields.data)
  }
}

/// A `CreateTransfersResponse` as its bytes.
package struct TransferBatchResults: Message, Sendable {
  package static let protoMessageName = Huirong_Fund_V1_CreateTransfersResponse.protoMessageName

  package var unknownFields = UnknownStorage()
  private var bytes = Data()

  package init() {}

  package init(_ results: [TransferResult]) { bytes = Self.encoded(results) }

  init(encoded: Data) { bytes = encoded }

  package mutating func decodeMessage<D: Decoder>(decoder: inout D) throws {
    while try decoder.nextFieldNumber() != nil {}
  }

  package func traverse<V: Visitor>(visitor: inout V) throws {
    if !bytes.isEmpty { try visitor.visitUnknown(bytes: bytes) }
    try unknownFields.traverse(visitor: &visitor)
  }

  package func isEqualTo(message: any Message) -> Bool {
    guard let other = message as? TransferBatchResults else { return false }
    return unknownFields == other.unknownFields && bytes == other.bytes
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  package static func == (left: TransferBatchResults, right: TransferBatchResults) -> Bool {
    left.isEqualTo(message: right)
  }

  /// What `Huirong_Fund_V1_CreateTransfersResponse` makes of the results.
  private static func encoded(_ results: [TransferResult]) -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(results.count * 24)
    for result in results {
      let start = bytes.count
      // One byte for the length: a result has at most three numbers of up to ten bytes.
      bytes.append(0x0A)
      bytes.append(0)
      append(0x08, Int64(Huirong_Fund_V1_TransferStatus(code: result.status).rawValue), to: &bytes)
      append(0x10, result.number, to: &bytes)
      append(0x18, Int64(result.leg), to: &bytes)
      bytes[start + 1] = UInt8(bytes.count - start - 2)
    }
    return Data(bytes)
  }

  private static func append(_ tag: UInt8, _ value: Int64, to bytes: inout [UInt8]) {
    if value == 0 { return }
    bytes.append(tag)
    var rest = UInt64(bitPattern: value)
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
