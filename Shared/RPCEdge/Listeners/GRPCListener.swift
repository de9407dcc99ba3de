package import GRPCCore
internal import GRPCNIOTransportHTTP2

/// The gRPC listener: HTTP/2, cleartext unless TLS files are given, for every language but the suite's own.
package final class GRPCListener: Sendable {
  /// What a listener bears; beyond it a caller gets an error, not memory.
  package struct Limits: Sendable {
    /// Largest request message, in bytes.
    package var maximumMessageBytes = 4 << 20
    /// Calls that one connection may have open.
    package var maximumConcurrentCalls = 1024

    package init() {}
  }

  private let transport: HTTP2ServerTransport.Posix
  private let server: GRPCServer<HTTP2ServerTransport.Posix>

  /// - Parameters:
  ///   - host: an IPv4 or IPv6 address; loopback unless the process is told otherwise.
  ///   - port: 0 for any free one.
  package init(
    host: String, port: Int, tls: TLSFiles?, services: [any RegistrableRPCService], limits: Limits = Limits()
  ) {
    let security: HTTP2ServerTransport.Posix.TransportSecurity
    if let tls {
      security = .tls(
        certificateChain: [.file(path: tls.certificate, format: .pem)], privateKey: .file(path: tls.key, format: .pem)
      ) { options in
        options.requireALPN = false
        if let authority = tls.clientAuthority {
          options.clientCertificateVerification = .noHostnameVerification
          options.trustRoots = .certificates([.file(path: authority, format: .pem)])
        }
      }
    } else {
      security = .plaintext
    }
    transport = HTTP2ServerTransport.Posix(
      address: host.contains(":") ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port),
      transportSecurity: security,
      config: .defaults { options in
        options.rpc.maxRequestPayloadSize = limits.maximumMessageBytes
        options.http2.maxConcurrentStreams = limits.maximumConcurrentCalls
        // A client that went away without a word is noticed, and one that pings too often is told to stop.
        options.connection.keepalive.time = .seconds(60)
        options.connection.keepalive.timeout = .seconds(20)
        options.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
        options.connection.keepalive.clientBehavior.allowWithoutCalls = true
      })
    server = GRPCServer(transport: transport, services: services, interceptors: [DetailsInterceptor()])
  }

  /// Serves until `drain` has been called and every call has ended.
  package func run() async throws { try await server.serve() }

  /// The port bound; waits until it is.
  package var port: Int {
    get async throws {
      let address = try await transport.listeningAddress
      return address.ipv4?.port ?? address.ipv6?.port ?? 0
    }
  }

  /// Takes no new calls and lets those in flight finish.
  package func drain() { server.beginGracefulShutdown() }
}
