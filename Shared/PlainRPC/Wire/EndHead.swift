import GRPCCore
import NIOCore

/// Head of END, read and written by hand; the tests hold it equal to `Huirong_Plainrpc_V1_EndHead`. An empty head is OK
/// without metadata.
struct EndHead {
  var code: UInt32 = 0
  var message = ""
  /// A serialised google.rpc.Status.
  var details: [UInt8] = []
  var metadata: Metadata = [:]

  init() {}

  init(code: RPCError.Code, message: String, details: [UInt8] = [], metadata: Metadata = [:]) {
    self.code = UInt32(code.rawValue)
    self.message = message
    self.details = details
    self.metadata = metadata
  }

  init(_ head: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(head)
    while let tag = try reader.nextTag() {
      switch (tag.field, tag.wireType) {
      case (1, ProtobufReader.WireType.varint): code = UInt32(truncatingIfNeeded: try reader.varint())
      case (2, ProtobufReader.WireType.bytes): message = try reader.string()
      case (3, ProtobufReader.WireType.bytes): details = [UInt8](try reader.lengthDelimited())
      case (4, ProtobufReader.WireType.bytes):
        // A server's refused entry costs the entry, not the answer.
        _ = try MetadataCodec.read(try reader.lengthDelimited(), into: &metadata)
      default: try reader.skip(tag)
      }
    }
  }

  var size: Int {
    (code == 0 ? 0 : 1 + ProtobufWriter.size(ofVarint: UInt64(code)))
      + ProtobufWriter.size(ofField: message.utf8.count) + ProtobufWriter.size(ofField: details.count)
      + (metadata.isEmpty ? 0 : MetadataCodec.size(metadata))
  }

  func write(to buffer: inout ByteBuffer) {
    ProtobufWriter.writeVarintField(1, UInt64(code), to: &buffer)
    ProtobufWriter.writeField(2, message, to: &buffer)
    ProtobufWriter.writeField(3, details, to: &buffer)
    if !metadata.isEmpty { MetadataCodec.write(metadata, field: 4, to: &buffer) }
  }
}

/// Head of MESSAGE: initial response metadata, and nothing else.
enum MessageHead {
  static func read(_ head: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) -> Metadata {
    var reader = ProtobufReader(head)
    var metadata: Metadata = [:]
    while let tag = try reader.nextTag() {
      if tag.field == 1, tag.wireType == ProtobufReader.WireType.bytes {
        _ = try MetadataCodec.read(try reader.lengthDelimited(), into: &metadata)
      } else {
        try reader.skip(tag)
      }
    }
    return metadata
  }

  static func write(_ metadata: Metadata, to buffer: inout ByteBuffer) {
    MetadataCodec.write(metadata, field: 1, to: &buffer)
  }
}
