import Foundation

/// A small filesystem of a test's own.
struct Mount {
  let path: String
  private let image: String?

  /// `nil` where this process may not mount.
  static func tmpfs(mebibytes: Int) -> Mount? {
    guard let path = directory() else { return nil }
    let made = try? StorageWriter.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", path])
    if made?.status == 0 { return Mount(path: path, image: nil) }
    try? FileManager.default.removeItem(atPath: path)
    return nil
  }

  /// An ext4 filesystem whose power can be cut; `nil` where that is impossible.
  static func powercut() -> Mount? {
    guard FileManager.default.isExecutableFile(atPath: tool), let path = directory() else { return nil }
    let image = path + ".img"
    if let made = try? StorageWriter.run(tool, ["make", image, path, "64"]), made.status == 0 {
      return Mount(path: path, image: image)
    }
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.removeItem(atPath: image)
    return nil
  }

  func cut() throws {
    guard let image else { return }
    _ = try StorageWriter.run(Self.tool, ["cut", image, path])
  }

  func drop() {
    if let image {
      _ = try? StorageWriter.run(Self.tool, ["drop", image, path])
    } else {
      _ = try? StorageWriter.run("/bin/umount", [path])
    }
    try? FileManager.default.removeItem(atPath: path)
  }

  static let tool = StorageWriter.repository + "/../shared/tools/powercut"

  private static func directory() -> String? {
    var template = Array("/tmp/huirong-mount-XXXXXX".utf8CString)
    guard geteuid() == 0, let made = mkdtemp(&template) else { return nil }
    return String(cString: made)
  }
}

/// The small program that writes until it is stopped, and processes in general.
enum StorageWriter {
  struct Ended {
    let status: Int32
    let output: String
    let errors: String
  }

  struct Missing: Error, CustomStringConvertible {
    let description = "huirong-storage-writer is not built: run `swift build --product huirong-storage-writer`"
  }

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Beside the test bundle, or in one of the repository's scratch folders, the newest first.
  static func locate() throws -> String {
    var folders = [URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path]
    for scratch in [".build-debug", ".build"] {
      folders += ["debug", "release"].map { "\(repository)/\(scratch)/\($0)" }
    }
    let paths = folders.map { "\($0)/huirong-storage-writer" }
    guard let found = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { throw Missing() }
    return found
  }

  static func run(_ executable: String, _ arguments: [String]) throws -> Ended {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    let output = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("huirong-\(UUID().uuidString).err")
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
