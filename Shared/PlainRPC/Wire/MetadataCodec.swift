import GRPCCore
import NIOCore

/// `repeated Metadatum` of a head ↔ `GRPCCore.Metadata`.
enum MetadataCodec {
  /// Entries of one head. Far above what tracing, identity and error details need; bounds the work of one call.
  static let maximumEntries = 64
  static let binarySuffix = "-bin"

  /// Why metadata was refused; the call fails with INVALID_ARGUMENT and the connection lives on.
  struct Refused: Error, Hashable { let message: String }

  static func size(_ metadata: Metadata) -> Int {
    var total = 0
    for (key, value) in metadata { total += ProtobufWriter.size(ofField: entrySize(key, value)) }
    return total
  }

  static func write(_ metadata: Metadata, field: UInt8, to buffer: inout ByteBuffer) {
    for (key, value) in metadata {
      ProtobufWriter.writeTag(field, length: entrySize(key, value), to: &buffer)
      ProtobufWriter.writeField(1, key, to: &buffer)
      switch value {
      case .string(let text): ProtobufWriter.writeField(2, text, to: &buffer)
      case .binary(let bytes): ProtobufWriter.writeField(2, bytes, to: &buffer)
      }
    }
  }

  private static func entrySize(_ key: String, _ value: Metadata.Value) -> Int {
    let count =
      switch value {
      case .string(let text): text.utf8.count
      case .binary(let bytes): bytes.count
      }
    return ProtobufWriter.size(ofField: key.utf8.count) + ProtobufWriter.size(ofField: count)
  }

  /// Reads one Metadatum into `metadata`.
  /// - Returns: why the entry is refused, `nil` when it was added.
  static func read(
    _ bytes: UnsafeRawBufferPointer, into metadata: inout Metadata
  ) throws(ProtobufReader.Malformed) -> Refused? {
    var reader = ProtobufReader(bytes)
    var key = ""
    var value = UnsafeRawBufferPointer(start: nil, count: 0)
    while let tag = try reader.nextTag() {
      switch (tag.field, tag.wireType) {
      case (1, ProtobufReader.WireType.bytes): key = try reader.string()
      case (2, ProtobufReader.WireType.bytes): value = try reader.lengthDelimited()
      default: try reader.skip(tag)
      }
    }
    if metadata.count >= maximumEntries { return Refused(message: "more than \(maximumEntries) metadata entries") }
    guard isKey(key) else { return Refused(message: "metadata key is not lower-case ASCII") }
    if key.hasSuffix(binarySuffix) {
      metadata.addBinary([UInt8](value), forKey: key)
    } else if let text = String(validating: value, as: UTF8.self) {
      metadata.addString(text, forKey: key)
    } else {
      return Refused(message: "metadata value of \(key) is not UTF-8")
    }
    return nil
  }

  /// Lower-case letters, digits, `_`, `-` and `.`, as in gRPC.
  static func isKey(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
