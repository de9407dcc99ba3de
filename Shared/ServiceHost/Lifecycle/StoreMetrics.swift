internal import Observability
internal import Storage

/// The store's counters as metrics, read when the page is rendered.
enum StoreMetrics {
  static func register(_ store: Store, on metrics: Metrics) {
    typealias Reading = (name: String, help: String, isCounter: Bool, value: @Sendable (StoreStatistics) -> Double)
    let readings: [Reading] = [
      ("groups_total", "Commit groups, one fsync each.", true, { Double($0.groups) }),
      ("commands_total", "Commands decided or replayed.", true, { Double($0.commands) }),
      ("commands_applied_total", "Commands whose effect was committed.", true, { Double($0.applied) }),
      ("commands_replayed_total", "Commands answered from their stored outcome.", true, { Double($0.replayed) }),
      ("commands_rejected_total", "Commands refused by their decision.", true, { Double($0.rejected) }),
      ("commands_undone_total", "Commands undone by another error.", true, { Double($0.undone) }),
      ("failed_groups_total", "Commit groups that failed.", true, { Double($0.failedGroups) }),
      ("reads_total", "Reads finished.", true, { Double($0.reads) }),
      ("checkpoints_total", "Checkpoints of the write-ahead log.", true, { Double($0.checkpoints) }),
      ("wal_frames", "Frames in the write-ahead log.", false, { Double($0.walFrames) }),
      ("queued_writes", "Writes waiting.", false, { Double($0.queuedWrites) }),
      ("queued_reads", "Reads waiting.", false, { Double($0.queuedReads) }),
      ("event_head", "Sequence of the last event.", false, { Double($0.eventHead) }),
      ("waiting_watchers", "Watchers waiting for the next event.", false, { Double($0.waitingWatchers) }),
      ("disk_full", "1 while writes are refused for want of room.", false, { $0.isDiskFull ? 1 : 0 }),
    ]
    for reading in readings {
      metrics.reading("huirong_store_\(reading.name)", reading.help, isCounter: reading.isCounter) { [weak store] in
        store.map { reading.value($0.statistics) }
      }
    }
  }
}
