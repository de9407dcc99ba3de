public import GRPCCore

/// What a server tells about itself, for metrics. Called on event loops: implementations must not block.
public protocol PlainServerObserver: Sendable {
  func connectionOpened()
  func connectionClosed()
  /// The server ended a connection for a breach of the wire's rules; `reason` is one of the GOAWAY reasons.
  func connectionFailed(reason: String)
  func callStarted(_ method: PlainMethodDescriptor)
  /// `code` is `nil` for OK.
  func callFinished(_ method: PlainMethodDescriptor, code: RPCError.Code?, duration: Duration)
  func bytesTransferred(received: Int, sent: Int)
}

extension PlainServerObserver {
  public func connectionOpened() {}
  public func connectionClosed() {}
  public func connectionFailed(reason: String) {}
  public func callStarted(_ method: PlainMethodDescriptor) {}
  public func callFinished(_ method: PlainMethodDescriptor, code: RPCError.Code?, duration: Duration) {}
  public func bytesTransferred(received: Int, sent: Int) {}
}
