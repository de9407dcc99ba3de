import GRDBSQLite

/// Memory for texts and bytes while the statement that they are bound to runs: one copy into a buffer that stays, instead of one
/// allocation each inside SQLite. Statements run inside one another, so that it is a stack.
final class BindArena {
  private static let size = 128 << 10
  private let memory = UnsafeMutableRawPointer.allocate(byteCount: BindArena.size, alignment: 16)
  /// Where the next value goes; set back when its statement has been reset.
  var top = 0

  deinit { memory.deallocate() }

  /// - Returns: where the bytes lie until `top` is set back; `nil` when there is no room for them.
  func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    guard bytes.count <= Self.size - top else { return nil }
    let place = memory + top
    if let base = bytes.baseAddress { place.copyMemory(from: base, byteCount: bytes.count) }
    top += bytes.count
    return UnsafeRawPointer(place)
  }
}
