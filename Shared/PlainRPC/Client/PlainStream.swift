public import SwiftProtobuf

public struct PlainStream<Message: SwiftProtobuf.Message>: Sendable {}
public final class PlainUpload<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: Sendable {}
public final class PlainDuplex<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: Sendable {}
