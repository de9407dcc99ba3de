import EchoProtos
import GRPCCore
import NIOSSL
import Testing

@testable import PlainRPC

@Suite(.oneAtATime) struct TLSTests {
  @Test func `the same frames travel over TLS`() async throws {
    try await EchoFixture.run(
      serverTLS: TestCertificates.serverConfiguration(), clientTLS: TestCertificates.clientConfiguration()
    ) { fixture in
      let answered = try await fixture.echo.get(Samples.request)
      #expect(answered.id == 7)
      let upload = try await fixture.echo.collect()
      for _ in 0..<50 { try await upload.send(Samples.request) }
      let collected = try await upload.finish()
      #expect(collected.id == 50)
    }
  }

  @Test func `a server that is not trusted is unavailable`() async throws {
    try await EchoFixture.run(
      serverTLS: TestCertificates.serverConfiguration(), clientTLS: .makeClientConfiguration()
    ) { fixture in
      let failure = await status { _ = try await fixture.echo.get(Samples.request) }
      #expect(failure?.code == .unavailable)
    }
  }

  @Test func `a client with a certificate is served where one is required`() async throws {
    try await EchoFixture.run(
      serverTLS: TestCertificates.serverConfiguration(verifyClients: true),
      clientTLS: TestCertificates.clientConfiguration(presenting: true)
    ) { fixture in
      let answered = try await fixture.echo.get(Samples.request)
      #expect(answered.id == 7)
    }
  }

  @Test func `a client without a certificate is not served where one is required`() async throws {
    try await EchoFixture.run(
      serverTLS: TestCertificates.serverConfiguration(verifyClients: true),
      clientTLS: TestCertificates.clientConfiguration()
    ) { fixture in
      let failure = await status { _ = try await fixture.echo.get(Samples.request) }
      #expect(failure?.code == .unavailable)
    }
  }

  @Test func `cleartext to a TLS port is unavailable`() async throws {
    try await EchoFixture.run(serverTLS: TestCertificates.serverConfiguration()) { fixture in
      let failure = await status { _ = try await fixture.echo.get(Samples.request) }
      #expect(failure?.code == .unavailable)
    }
  }
}
