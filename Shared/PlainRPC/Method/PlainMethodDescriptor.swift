public import GRPCCore
public import SwiftProtobuf

/// What is known of a method without a service behind it: enough to find it by name and to transcode its messages.
public struct PlainMethodDescriptor: Sendable {
  /// Which side sends more than one message.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case unary
    case serverStreaming = "server_streaming"
    case clientStreaming = "client_streaming"
    case bidirectionalStreaming = "bidirectional_streaming"

    public var clientStreams: Bool { self == .clientStreaming || self == .bidirectionalStreaming }
    public var serverStreams: Bool { self == .serverStreaming || self == .bidirectionalStreaming }
  }

  /// `huirong.fund.v1.FundService/GetAccount`, without a leading slash, as OPEN carries it.
  public let fullName: String
  public let kind: Kind
  public let requestType: any SwiftProtobuf.Message.Type
  public let responseType: any SwiftProtobuf.Message.Type
  /// The same name as GRPCCore writes it; handlers see it in their context.
  public let grpc: GRPCCore.MethodDescriptor
  /// The name as the first field of OPEN's head, encoded once.
  let headField: [UInt8]

  public init(
    fullName: String, kind: Kind, requestType: any SwiftProtobuf.Message.Type,
    responseType: any SwiftProtobuf.Message.Type
  ) {
    self.fullName = fullName
    self.kind = kind
    self.requestType = requestType
    self.responseType = responseType
    headField = CallHead.methodField(fullName)
    let slash = fullName.lastIndex(of: "/") ?? fullName.startIndex
    grpc = MethodDescriptor(
      fullyQualifiedService: String(fullName[..<slash]), method: String(fullName[slash...].drop { $0 == "/" }))
  }

  /// `huirong.fund.v1.FundService`.
  public var service: String { grpc.service.fullyQualifiedService }
  /// `GetAccount`.
  public var method: String { grpc.method }
}
