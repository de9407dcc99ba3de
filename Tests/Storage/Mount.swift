import Foundation
import TestProgram

/// A small filesystem of a test's own.
struct Mount {
  let path: String
  private let image: String?

  /// `nil` where this process may not mount.
  static func tmpfs(mebibytes: Int) async -> Mount? {
    guard let path = directory() else { return nil }
    let made = try? await Program.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", path])
    if made?.status == 0 { return Mount(path: path, image: nil) }
    try? FileManager.default.removeItem(atPath: path)
    return nil
  }

  /// An ext4 filesystem whose power can be cut; `nil` where that is impossible.
  static func powercut() async -> Mount? {
    guard FileManager.default.isExecutableFile(atPath: tool), let path = directory() else { return nil }
    let image = path + ".img"
    if let made = try? await Program.run(tool, ["make", image, path, "64"]), made.status == 0 {
      return Mount(path: path, image: image)
    }
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.removeItem(atPath: image)
    return nil
  }

  func cut() async throws {
    guard let image else { return }
    _ = try await Program.run(Self.tool, ["cut", image, path])
  }

  /// Runs `body` and takes the filesystem away again.
  func use(_ body: () async throws -> Void) async throws {
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    await drop()
    try outcome.get()
  }

  private func drop() async {
    if let image {
      _ = try? await Program.run(Self.tool, ["drop", image, path])
    } else {
      _ = try? await Program.run("/bin/umount", [path])
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

/// The small program that writes until it is stopped.
enum StorageWriter {
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
}
