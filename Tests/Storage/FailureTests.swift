import Foundation
import Kernel
import Storage
import Synchronization
import TestProgram
import Testing

/// Full disks and failing ones. The filesystems are real where root may mount them.
@Suite(.serialized) struct FailureTests {
  @Test func `a full filesystem refuses commands, serves reads and heals unaided`() async throws {
    guard let mount = await Mount.tmpfs(mebibytes: 4) else {
      print("SKIPPED disk full on a real filesystem: a tmpfs cannot be mounted here, root is needed")
      return
    }
    try await mount.use { try await fillAndHeal(mount) }
  }

  private func fillAndHeal(_ mount: Mount) async throws {
    let ballast = mount.path + "/ballast"
    try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
    var configuration = StoreConfiguration(path: mount.path + "/store.sqlite", logger: quiet)
    configuration.checkpointPages = 100
    configuration.groupMaximumMicroseconds = 1_000_000
    configuration.onFailure = { Issue.record("a full disk is no I/O error: \($0)") }
    let store = try Store.open(configuration, migrations: TestSchema.migrations)
    try await fillUp(store)
    try await groupSharesTheFate(store)

    try FileManager.default.removeItem(atPath: ballast)
    let reply = try await store.command(try envelope("full"), encode: encodeNumber) { try $0.increment("keyed") }
    #expect(answer(reply) == (1, true), "what was refused for want of space was not stored")
    #expect(!store.statistics.isDiskFull)
    #expect(try await store.check().isSound)
    await store.close()
  }

  @Test func `a store at its largest size refuses commands and takes them again once rows are deleted`() async throws {
    try await withStore(try settings { $0.maximumPages = 100 }) { store in
      try await fillUp(store)
      try await store.write { try $0.execute("DELETE FROM bytes") }
      _ = try await store.write { try $0.increment("n") }
      #expect(!store.statistics.isDiskFull)
      #expect(try await store.check().isSound)
    }
  }

  /// Writes until the disk is full, then checks that exactly what was acknowledged is there and can be read.
  private func fillUp(_ store: Store) async throws {
    let written = Mutex<Int64>(0)
    let error = await domainError {
      while true {
        try await store.write { try $0.addBytes(30_000) }
        written.withLock { $0 += 1 }
      }
    }
    #expect(error?.reason == .diskFull)
    #expect(store.statistics.isDiskFull)
    #expect(store.statistics.fullGroups > 0)
    #expect(try await store.count("bytes") == written.withLock { $0 })
  }

  /// On a full disk, commands that would fit alone share the fate of the one in their group that does not.
  private func groupSharesTheFate(_ store: Store) async throws {
    let rows = try await store.count("bytes")
    let held = try await HeldWriter(store)
    let tasks = await startInOrder(3, on: store) { number, session in
      // The second swallows the error that its own statement meets; its group fails all the same.
      if number == 1 { for _ in 0..<300 { try? session.addBytes(30_000) } }
      return try session.increment("full")
    }
    let command = Task {
      _ = try await store.command(try envelope("full"), encode: encodeNumber) { try $0.increment("keyed") }
    }
    while store.statistics.queuedWrites < 4 { await Task.yield() }
    await held.release()
    for task in tasks { #expect(await domainError { _ = try await task.value }?.reason == .diskFull) }
    #expect(await domainError { try await command.value }?.reason == .diskFull)
    #expect(try await store.count("bytes") == rows)
    #expect(try await store.counter("full") == nil)
  }

  @Test func `a device that fails stops the store, and nobody is told that a write took effect`() async throws {
    guard let mount = await Mount.powercut() else {
      print("SKIPPED failing device: ../shared/tools/powercut, root and loop devices are needed")
      return
    }
    try await mount.use { try await failAndStop(mount) }
  }

  private func failAndStop(_ mount: Mount) async throws {
    let failures = Mutex<[StoreFailure]>([])
    var configuration = StoreConfiguration(path: mount.path + "/store.sqlite", logger: quiet)
    configuration.onFailure = { failure in failures.withLock { $0.append(failure) } }
    let store = try Store.open(configuration, migrations: TestSchema.migrations)
    _ = try await store.write { try $0.increment("n") }
    try await mount.cut()
    let writes = (0..<20).map { _ in Task { _ = try await store.write { try $0.increment("n") } } }
    for write in writes { #expect(await domainError { try await write.value }?.reason == .unavailable) }
    let seen = failures.withLock { $0 }
    #expect(seen.count == 1, "the failure is reported once")
    #expect(seen.first?.error.kind == .inputOutput)
    #expect(seen.first?.operation == "commit")
    #expect(store.statistics.isStopped)
    #expect(await domainError { _ = try await store.counter("n") }?.reason == .unavailable)
    #expect(await domainError { for try await _ in store.watch(after: 0) {} }?.reason == .unavailable)
    await store.close()
  }

  @Test func `without a handler the process ends with status 74 and loses nothing it acknowledged`() async throws {
    try await withStorePath { configuration in
      let log = configuration.directory + "/acknowledged"
      // A file that may not grow: the kernel answers EFBIG, which SQLite reports as a failed write.
      let writer = try StorageWriter.locate()
      let ended = try await Program.run(
        "/bin/sh",
        ["-c", "trap '' XFSZ; ulimit -f 1500; exec \"$0\" write \"$1\" \"$2\"", writer, configuration.path, log])
      #expect(ended.status == StoreFailure.exitStatus)
      #expect(ended.errors.contains("cannot go on"))
      let verified = try await Program.run(writer, ["verify", configuration.path, log])
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }
  }

  struct CodeCase: Sendable {
    let primary: Int32
    let second: Int32
    let systemError: Int32
    let kind: StorageError.Kind

    init(_ primary: Int32, _ second: Int32, _ systemError: Int32, _ kind: StorageError.Kind) {
      self.primary = primary
      self.second = second
      self.systemError = systemError
      self.kind = kind
    }
  }

  static let codes: [CodeCase] = [
    CodeCase(10, 4, 0, .inputOutput), CodeCase(10, 4, ENOSPC, .inputOutput), CodeCase(10, 5, 0, .inputOutput),
    CodeCase(10, 3, EIO, .inputOutput), CodeCase(10, 3, ENOSPC, .full), CodeCase(10, 19, ENOSPC, .full),
    CodeCase(13, 0, 0, .full), CodeCase(11, 0, 0, .corrupt), CodeCase(26, 0, 0, .corrupt),
    CodeCase(14, 0, 0, .inputOutput), CodeCase(5, 0, 0, .busy), CodeCase(5, 2, 0, .busy),
    CodeCase(19, 8, 0, .uniqueViolation), CodeCase(7, 0, 0, .other),
  ]

  @Test(arguments: codes)
  func `result codes are told apart, and a failed fsync is never a full disk`(code: CodeCase) {
    #expect(ResultCode.kind(of: code.primary | code.second << 8, systemError: code.systemError) == code.kind)
  }
}

extension WriteSession {
  fileprivate func addBytes(_ count: Int) throws {
    try execute("INSERT INTO bytes (content) VALUES (?)", [.blob([UInt8](repeating: 1, count: count))])
  }
}
