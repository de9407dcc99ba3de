import Kernel

/// `Store.command`: decides once per key and afterwards repeats what was decided.
final class CommandJob<Outcome: Sendable>: AnsweringJob<CommandReply<Outcome>>, @unchecked Sendable {
  private let envelope: CommandEnvelope
  private let encode: @Sendable (Outcome) throws -> [UInt8]
  private let decision: @Sendable (WriteSession) throws -> Outcome

  init(
    _ continuation: UnsafeContinuation<CommandReply<Outcome>, any Error>, _ envelope: CommandEnvelope,
    encode: @escaping @Sendable (Outcome) throws -> [UInt8],
    decision: @escaping @Sendable (WriteSession) throws -> Outcome
  ) {
    self.envelope = envelope
    self.encode = encode
    self.decision = decision
    super.init(continuation)
  }

  override func decide(_ context: WriteContext, _ mark: WriteContext.Mark) -> Verdict {
    let session = WriteSession(context, now: envelope.now)
    defer { session.isOpen = false }
    do {
      if let known = try RequestRecord.find(envelope, in: session) {
        result = .success(.replayed(try known.outcome(for: envelope)))
        return .replayed
      }
    } catch {
      result = .failure(error)
      return .replayed
    }
    do {
      let outcome = try decision(session)
      return keep(outcome, session)
    } catch let rejection as DomainError where rejection.reason.isDecision {
      return freeze(rejection, session, mark)
    } catch {
      result = .failure(error)
      return .undone
    }
  }

  private func keep(_ outcome: Outcome, _ session: WriteSession) -> Verdict {
    do {
      try RequestRecord.insert(envelope, .outcome(try encode(outcome)), in: session)
      result = .success(.fresh(outcome))
      return .applied
    } catch {
      result = .failure(error)
      return .undone
    }
  }

  private func freeze(_ rejection: DomainError, _ session: WriteSession, _ mark: WriteContext.Mark) -> Verdict {
    do {
      try session.context.rewind(to: mark)
      try RequestRecord.insert(envelope, .rejection(rejection), in: session)
      result = .failure(rejection)
      return .rejected
    } catch {
      result = .failure(error)
      return .undone
    }
  }
}
