import GRPCCore
import NIOCore

/// Head of OPEN, read and written by hand because every call passes here. The tests hold it equal to
/// `Huirong_Plainrpc_V1_CallHead`.
struct CallHead {
  /// Where the method's name lies in the head.
  var method: Range<Int> = 0..<0
  /// 0: no deadline.
  var timeoutMicroseconds: UInt64 = 0
  var metadata: Metadata = [:]
  /// Set when an entry was refused; the call fails then.
  var refusal: MetadataCodec.Refused?

  init(_ head: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(head)
    while let tag = try reader.nextTag() {
      switch (tag.field, tag.wireType) {
      case (1, ProtobufReader.WireType.bytes):
        // The last one wins, yet one that it replaces must be a string too. The last is checked by the method table.
        if !method.isEmpty, String(validating: head[method], as: UTF8.self) == nil { throw ProtobufReader.Malformed() }
        let name = try reader.lengthDelimited()
        let end = reader.offset
        method = end - name.count..<end
      case (2, ProtobufReader.WireType.varint): timeoutMicroseconds = try reader.varint()
      case (3, ProtobufReader.WireType.bytes):
        let entry = try reader.lengthDelimited()
        if let problem = try MetadataCodec.read(entry, into: &metadata) { refusal = refusal ?? problem }
      default: try reader.skip(tag)
      }
    }
  }

  /// The first field, as every OPEN for this method begins.
  static func methodField(_ name: String) -> [UInt8] {
    var buffer = ByteBuffer()
    ProtobufWriter.writeField(1, name, to: &buffer)
    return Array(buffer.readableBytesView)
  }

  static func size(methodField: [UInt8], timeoutMicroseconds: UInt64, metadata: Metadata) -> Int {
    methodField.count + (timeoutMicroseconds == 0 ? 0 : 1 + ProtobufWriter.size(ofVarint: timeoutMicroseconds))
      + (metadata.isEmpty ? 0 : MetadataCodec.size(metadata))
  }

  static func write(
    methodField: [UInt8], timeoutMicroseconds: UInt64, metadata: Metadata, to buffer: inout ByteBuffer
  ) {
    buffer.writeBytes(methodField)
    ProtobufWriter.writeVarintField(2, timeoutMicroseconds, to: &buffer)
    if !metadata.isEmpty { MetadataCodec.write(metadata, field: 3, to: &buffer) }
  }
}
