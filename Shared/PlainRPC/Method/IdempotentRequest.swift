public import SwiftProtobuf

/// A request that names its own idempotency key. The generator declares it for every `…Request` message with a field
/// `string request_id`, so that an edge can hash a request without its key and a client can fill the key in.
public protocol IdempotentRequest: SwiftProtobuf.Message {
  /// 1 to 64 visible ASCII characters, unique per caller.
  var requestID: String { get set }
}
