import Foundation

/// A thread outside the cooperative pool: SQLite blocks on the disk, and a blocked pool stalls every call of the process.
enum OSThread {
  /// SQLite's deepest recursion is far below this; the default of 8 MiB per thread would be address space for nothing.
  static let stackBytes = 1 << 20

  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.stackSize = stackBytes
    thread.start()
  }
}
