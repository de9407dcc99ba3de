import Synchronization

/// Counters since the store was opened, and a few present sizes.
public struct StoreStatistics: Sendable, Hashable {
  /// Commit groups, each one COMMIT and at most one fsync.
  public var groups: Int64 = 0
  /// Commands in those groups, whatever became of them.
  public var commands: Int64 = 0
  /// Commands that changed the store.
  public var applied: Int64 = 0
  /// Commands answered from their stored outcome, conflicts of request ids included.
  public var replayed: Int64 = 0
  /// Business rejections that were stored.
  public var rejected: Int64 = 0
  /// Commands undone by an error that is not stored.
  public var undone: Int64 = 0
  /// Groups that were decided a second time, because a command failed after it had written.
  public var decidedTwice: Int64 = 0
  /// Most commands in one group.
  public var largestGroup: Int64 = 0
  /// Groups that were rolled back as a whole, for any reason.
  public var failedGroups: Int64 = 0
  /// Groups that were rolled back because the disk was full.
  public var fullGroups: Int64 = 0
  /// Whether the last group met a full disk; false again after the next one that fits.
  public var isDiskFull = false
  /// Checkpoints, and those that an old snapshot stopped halfway.
  public var checkpoints: Int64 = 0
  public var incompleteCheckpoints: Int64 = 0
  /// Frames in the write-ahead log after the last commit.
  public var walFrames: Int64 = 0
  /// Read transactions.
  public var reads: Int64 = 0
  /// Commands and reads waiting now.
  public var queuedWrites: Int64 = 0
  public var queuedReads: Int64 = 0
  /// Sequence of the last committed event.
  public var eventHead: Int64 = 0
  /// Watchers waiting at the head now.
  public var waitingWatchers: Int64 = 0
  /// Whether the store has stopped after an I/O error.
  public var isStopped = false
}

/// What became of the commands of one group.
struct GroupTally {
  var commands = 0
  var applied = 0
  var replayed = 0
  var rejected = 0
  var undone = 0

  mutating func count(_ verdict: WriteJob.Verdict) {
    switch verdict {
    case .applied: applied += 1
    case .replayed: replayed += 1
    case .rejected: rejected += 1
    case .undone: undone += 1
    }
  }
}

final class StatisticsRecorder: Sendable {
  private let state = Mutex(StoreStatistics())
  private let reads = Atomic<Int64>(0)

  func record(_ tally: GroupTally, walFrames: Int) {
    state.withLock { state in
      state.groups += 1
      state.commands += Int64(tally.commands)
      state.applied += Int64(tally.applied)
      state.replayed += Int64(tally.replayed)
      state.rejected += Int64(tally.rejected)
      state.undone += Int64(tally.undone)
      state.largestGroup = max(state.largestGroup, Int64(tally.commands))
      state.walFrames = Int64(walFrames)
      state.isDiskFull = false
    }
  }

  func recordReplay() { state.withLock { $0.decidedTwice += 1 } }

  func recordFailedGroup(isFull: Bool) {
    state.withLock { state in
      state.failedGroups += 1
      if isFull { state.fullGroups += 1 }
      state.isDiskFull = isFull
    }
  }

  func recordCheckpoint(isComplete: Bool) {
    state.withLock { state in
      state.checkpoints += 1
      if !isComplete { state.incompleteCheckpoints += 1 }
    }
  }

  func recordRead() { reads.wrappingAdd(1, ordering: .relaxed) }

  func recordStop() { state.withLock { $0.isStopped = true } }

  func snapshot() -> StoreStatistics {
    var copy = state.withLock { $0 }
    copy.reads = reads.load(ordering: .relaxed)
    return copy
  }
}
