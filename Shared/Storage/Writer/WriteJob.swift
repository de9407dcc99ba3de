import Kernel

/// A command waiting for its place in a commit group.
///
/// `decide` runs on the writer's thread inside the command's savepoint; `succeed` after the COMMIT that holds its
/// effect, `fail` when there was none.
class WriteJob: @unchecked Sendable {
  enum Verdict { case applied, replayed, rejected, undone }

  /// The refusal of a queue that does not take the job, or the failure of its group.
  func fail(_ error: any Error) {}
  func succeed() {}
  func decide(_ context: WriteContext, _ mark: WriteContext.Mark) -> Verdict { .undone }
  /// Replaces the result of a command whose effect the engine cannot keep.
  func overrule(_ error: any Error) {}
}

/// A job that answers one waiting task.
class AnsweringJob<Answer: Sendable>: WriteJob, @unchecked Sendable {
  private let continuation: UnsafeContinuation<Answer, any Error>
  final var result: Result<Answer, any Error>?

  init(_ continuation: UnsafeContinuation<Answer, any Error>) { self.continuation = continuation }

  final override func fail(_ error: any Error) { continuation.resume(throwing: error) }
  final override func overrule(_ error: any Error) { result = .failure(error) }

  final override func succeed() {
    switch result {
    case .success(let answer): continuation.resume(returning: answer)
    case .failure(let error): continuation.resume(throwing: error)
    case nil: continuation.resume(throwing: StorageError(.misuse, "the command was not decided"))
    }
  }
}

/// `Store.write`: the closure's result, or its error after its effects were undone.
final class BodyJob<Answer: Sendable>: AnsweringJob<Answer>, @unchecked Sendable {
  private let now: Instant?
  private let body: @Sendable (WriteSession) throws -> Answer

  init(
    _ continuation: UnsafeContinuation<Answer, any Error>, now: Instant?,
    body: @escaping @Sendable (WriteSession) throws -> Answer
  ) {
    self.now = now
    self.body = body
    super.init(continuation)
  }

  override func decide(_ context: WriteContext, _ mark: WriteContext.Mark) -> Verdict {
    let session = WriteSession(context, now: now)
    defer { session.isOpen = false }
    do {
      result = .success(try body(session))
      return .applied
    } catch {
      result = .failure(error)
      return .undone
    }
  }
}
