import Foundation
import GRDBSQLite
import Kernel

/// The one writer: takes waiting commands in order, decides each in one shared transaction, commits once and only then
/// answers. While a group commits, the next one gathers in the queue; an idle store commits at once. When a command fails
/// after it has written, the group is rolled back and decided again with a savepoint for each command.
final class CommitLoop {
  private let connection: SQLiteConnection
  private let context: WriteContext
  private let queue: WriteQueue
  private let parts: StoreParts
  private let limits: StoreConfiguration
  private var walFrames = WALFrames()
  private var nextCheckpointFrames: Int
  /// Commands taken from the queue that their group had no time for; they come first in the next.
  private var backlog: [WriteJob] = []
  /// Groups that get savepoints from the start, because one of the last had to be decided twice.
  private var cautiousGroups = 0

  init(_ connection: SQLiteConnection, _ parts: StoreParts) {
    self.connection = connection
    self.parts = parts
    queue = parts.queue
    limits = parts.configuration
    nextCheckpointFrames = limits.checkpointPages
    context = WriteContext(connection, eventBatchLimits: limits.eventBatchLimits)
  }

  /// Returns when the queue is closed and empty, or the store has stopped.
  func run() {
    walFrames.attach(to: connection.handle)
    defer { walFrames.detach(from: connection.handle) }
    while let first = nextGroup() {
      guard commitGroup(startingWith: first), checkpointIfDue() else { return }
    }
  }

  private func nextGroup() -> [WriteJob]? {
    if backlog.isEmpty { return queue.take(upTo: limits.groupMaximumCommands) }
    defer { backlog = [] }
    return backlog
  }

  // MARK: One group

  /// - Returns: false when the store has stopped.
  private func commitGroup(startingWith first: [WriteJob]) -> Bool {
    var group: [WriteJob] = []
    var tally = GroupTally()
    _ = connection.takeTrouble()
    do {
      group = first
      try decideAll(&group, &tally)
      try context.commit()
    } catch {
      return groupFailed(group, error)
    }
    tally.commands = group.count
    publishEvents()
    parts.statistics.record(tally, walFrames: walFrames.count)
    for job in group { job.succeed() }
    return true
  }

  /// After a group that was decided twice, this many are decided with savepoints: a stream of such commands costs what
  /// savepoints cost and not twice its work.
  private static let caution = 64

  private func decideAll(_ group: inout [WriteJob], _ tally: inout GroupTally) throws {
    let isCautious = cautiousGroups > 0
    if isCautious { cautiousGroups -= 1 }
    try context.begin(withSavepoints: isCautious)
    do {
      try decide(&group, &tally)
    } catch is WriteContext.ReplayNeeded {
      cautiousGroups = Self.caution
      parts.statistics.recordReplay()
      tally = GroupTally()
      try context.rollback()
      try context.begin(withSavepoints: true)
      try decide(&group, &tally)
    }
  }

  /// Decides the group's commands and those that arrive meanwhile, within the limits of count and time.
  private func decide(_ group: inout [WriteJob], _ tally: inout GroupTally) throws {
    var next = 0
    let start = MonotonicClock.microseconds()
    while true {
      while next < group.count {
        let job = group[next]
        next += 1
        tally.count(try decide(job))
        if MonotonicClock.microseconds() - start >= limits.groupMaximumMicroseconds {
          backlog = Array(group[next...])
          group.removeLast(backlog.count)
          return
        }
      }
      let room = limits.groupMaximumCommands - group.count
      if room <= 0 { return }
      let more = queue.takeMore(upTo: room)
      if more.isEmpty { return }
      group.append(contentsOf: more)
    }
  }

  private func decide(_ job: WriteJob) throws -> WriteJob.Verdict {
    let mark = try context.openCommand()
    var verdict = job.decide(context, mark)
    // A command may have caught the engine's error; a full or failing disk still concerns everyone in the group.
    if let trouble = connection.takeTrouble() { throw trouble }
    if connection.isInAutocommit { throw StorageError(.other, "the engine ended the transaction on its own") }
    if verdict != .undone && connection.hasDeferredViolations {
      job.overrule(StorageError(.foreignKeyViolation, "a deferred foreign key is violated at the end of the command"))
      verdict = .undone
    }
    if verdict == .undone {
      try context.undo(to: mark)
    } else {
      try context.release(mark)
    }
    return verdict
  }

  private func publishEvents() {
    if context.events.isEmpty { return }
    parts.hub.publish(context.events.pages(), last: context.events.last, isComplete: !context.events.isOverflown)
  }

  // MARK: When it fails

  /// Nothing of the group has been answered yet, and nothing of it may survive.
  private func groupFailed(_ group: [WriteJob], _ error: any Error) -> Bool {
    let failure = connection.takeTrouble() ?? error as? StorageError ?? StorageError(.other, "\(error)")
    if failure.isFatal { return stop(group, failure) }
    do {
      try context.rollback()
    } catch {
      return stop(group, StorageError(.inputOutput, "ROLLBACK failed: \(error), after \(failure)"))
    }
    if !connection.isInAutocommit {
      return stop(group, StorageError(.inputOutput, "the transaction stays open after ROLLBACK, after \(failure)"))
    }
    parts.statistics.recordFailedGroup(isFull: failure.kind == .full)
    parts.log.groupFailed(failure, commands: group.count)
    let answer = Self.answer(to: failure)
    for job in group { job.fail(answer) }
    return true
  }

  private func stop(_ group: [WriteJob], _ failure: StorageError) -> Bool {
    parts.stop(operation: "commit", failure)
    for job in group + backlog { job.fail(StoreParts.stopped) }
    backlog = []
    return false
  }

  static func answer(to failure: StorageError) -> DomainError {
    switch failure.kind {
    case .full:
      DomainError(.diskFull, "no space is left for the store; nothing was changed, try again later")
    case .busy:
      DomainError(.unavailable, "another process holds the store's write lock; nothing was changed, try again later")
    case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .otherConstraint, .columnType,
      .misuse, .inputOutput, .corrupt, .other:
      DomainError(.unavailable, "the commit group was undone; nothing was changed, try again")
    }
  }

  // MARK: Checkpoints

  /// Copies the WAL into the file between groups, after the answers have left: SQLite's own automatic checkpoint would
  /// run inside COMMIT and hide its errors.
  private func checkpointIfDue() -> Bool {
    let frames = walFrames.count
    if frames < nextCheckpointFrames { return true }
    do {
      let outcome = try connection.checkpoint(.passive)
      let isComplete = !outcome.isBusy && outcome.copied >= outcome.frames
      // A reader that holds an old snapshot stops a checkpoint halfway; trying again at once would gain nothing.
      nextCheckpointFrames = isComplete ? limits.checkpointPages : frames + limits.checkpointPages
      parts.statistics.recordCheckpoint(isComplete: isComplete)
      return true
    } catch let failure as StorageError where failure.kind == .full {
      _ = connection.takeTrouble()
      nextCheckpointFrames = frames + limits.checkpointPages
      parts.log.checkpointFull()
      return true
    } catch {
      return stop([], error as? StorageError ?? StorageError(.inputOutput, "checkpoint: \(error)"))
    }
  }
}

/// Frames in the WAL after the last commit, as SQLite reports them to its hook.
struct WALFrames {
  private final class Box { var count = 0 }
  private let box = Box()

  var count: Int { box.count }

  mutating func attach(to handle: OpaquePointer) {
    let pointer = Unmanaged.passUnretained(box).toOpaque()
    _ = sqlite3_wal_hook(
      handle,
      { pointer, _, _, frames in
        if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeUnretainedValue().count = Int(frames) }
        return SQLITE_OK
      }, pointer)
  }

  func detach(from handle: OpaquePointer) { _ = sqlite3_wal_hook(handle, nil, nil) }
}

enum MonotonicClock {
  static func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }
}
