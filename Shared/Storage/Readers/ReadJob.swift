import Kernel

/// A read waiting for a reader.
class ReadJob: @unchecked Sendable {
  func run(_ connection: SQLiteConnection) {}
  func answer() {}
  func fail(_ error: any Error) {}
}

final class BodyReadJob<Answer: Sendable>: ReadJob, @unchecked Sendable {
  private let continuation: UnsafeContinuation<Answer, any Error>
  private let body: @Sendable (ReadSession) throws -> Answer
  private var result: Result<Answer, any Error>?

  init(
    _ continuation: UnsafeContinuation<Answer, any Error>, _ body: @escaping @Sendable (ReadSession) throws -> Answer
  ) {
    self.continuation = continuation
    self.body = body
  }

  /// The snapshot is taken by the first statement, which is after the read was asked for: it holds every commit that
  /// was answered before.
  override func run(_ connection: SQLiteConnection) {
    let session = ReadSession(connection)
    defer { session.isOpen = false }
    do {
      try connection.control("BEGIN")
      defer { try? connection.control("COMMIT") }
      result = .success(try body(session))
    } catch {
      result = .failure(error)
    }
  }

  override func answer() {
    switch result {
    case .success(let answer): continuation.resume(returning: answer)
    case .failure(let error as StorageError) where error.kind == .busy:
      continuation.resume(throwing: DomainError(.unavailable, "another process holds the store locked; try again"))
    case .failure(let error): continuation.resume(throwing: error)
    case nil: continuation.resume(throwing: StorageError(.misuse, "the read did not run"))
    }
  }

  override func fail(_ error: any Error) { continuation.resume(throwing: error) }
}
