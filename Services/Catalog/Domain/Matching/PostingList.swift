/// A set of bits, kept as a list when it is short and as a bitmap when that is cheaper to apply.
enum PostingList: Sendable {
  case sparse([UInt32])
  case dense([UInt64])

  init(_ bits: [UInt32], words: Int) {
    if bits.count < words {
      self = .sparse(bits)
    } else {
      var bitmap = [UInt64](repeating: 0, count: words)
      for bit in bits { bitmap[Int(bit >> 6)] |= 1 << UInt64(bit & 63) }
      self = .dense(bitmap)
    }
  }

  func add(to target: UnsafeMutablePointer<UInt64>) {
    switch self {
    case .sparse(let bits): for bit in bits { target[Int(bit >> 6)] |= 1 << UInt64(bit & 63) }
    case .dense(let bitmap):
      bitmap.withUnsafeBufferPointer { for word in $0.indices { target[word] |= $0[word] } }
    }
  }

  func remove(from target: UnsafeMutablePointer<UInt64>) {
    switch self {
    case .sparse(let bits): for bit in bits { target[Int(bit >> 6)] &= ~(1 << UInt64(bit & 63)) }
    case .dense(let bitmap):
      bitmap.withUnsafeBufferPointer { for word in $0.indices { target[word] &= ~$0[word] } }
    }
  }
}
