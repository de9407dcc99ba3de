import NIOCore

/// Finds a method by the bytes of its name, without making a string of them.
struct MethodTable: Sendable {
  private struct Entry {
    let name: [UInt8]
    let method: PlainMethod
  }

  private var slots: [Int32]
  private var entries: [Entry] = []

  enum Problem: Error, Hashable { case duplicate(String) }

  init(_ methods: [PlainMethod]) throws(Problem) {
    var capacity = 8
    while capacity < methods.count * 4 { capacity *= 2 }
    slots = Array(repeating: -1, count: capacity)
    for method in methods {
      let name = Array(method.descriptor.fullName.utf8)
      let index = name.withUnsafeBytes { slot(of: $0) }
      if slots[index] >= 0 { throw .duplicate(method.descriptor.fullName) }
      slots[index] = Int32(entries.count)
      entries.append(Entry(name: name, method: method))
    }
  }

  func find(_ name: UnsafeRawBufferPointer) -> PlainMethod? {
    let index = slots[slot(of: name)]
    return index < 0 ? nil : entries[Int(index)].method
  }

  /// The slot that holds `name`, or the empty one where it would go. Names come from the program, so nobody outside can
  /// fill the table with collisions.
  private func slot(of name: UnsafeRawBufferPointer) -> Int {
    var hash = UInt64(truncatingIfNeeded: name.count)
    var offset = 0
    while offset + 8 <= name.count {
      hash = Self.mix(hash ^ name.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < name.count {
      rest = rest << 8 | UInt64(name[offset])
      offset += 1
    }
    var index = Int(truncatingIfNeeded: Self.mix(hash ^ rest)) & (slots.count - 1)
    while slots[index] >= 0, !entries[Int(slots[index])].name.elementsEqual(name) {
      index = (index + 1) & (slots.count - 1)
    }
    return index
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }
}
