import Crypto
import FundDomain
import Storage
import Synchronization

/// The Merkle tree over the transfers' chain hashes, as RFC 6962 defines it: a leaf is SHA-256(0x00, hash), a node
/// SHA-256(0x01, left, right), and the left side of every split is the largest power of two below the whole.
///
/// Nothing of it is stored: the chain is what is recorded. Roots of full blocks never change and are kept in memory once
/// read, 32 bytes for 1 024 transfers, so that a proof reads two blocks and not the ledger.
final class TransferTree: Sendable {
  static let block: Int64 = 1024

  private let roots = Mutex<[[UInt8]]>([])

  /// - Parameters:
  ///   - number: 1 or more, at most `size`.
  ///   - size: at most the ledger's number of transfers.
  func proof(of number: Int64, size: Int64, in source: SQLFundSource) throws -> InclusionProof {
    try readBlocks(upTo: size / Self.block, in: source)
    let reader = Reader(source: source, roots: roots.withLock { $0 })
    let hashes = try reader.hashes(number - 1, number)
    guard let hash = hashes.first else { throw Packed.damaged("transfer \(number) is missing") }
    var path: [[UInt8]] = []
    let root = try reader.root(0, size, leaf: number - 1, path: &path)
    return InclusionProof(number: number, hash: hash, treeSize: size, path: path, root: root)
  }

  private func readBlocks(upTo count: Int64, in source: SQLFundSource) throws {
    var known = roots.withLock { $0 }
    let before = known.count
    while Int64(known.count) < count {
      let low = Int64(known.count) * Self.block
      let reader = Reader(source: source, roots: [])
      known.append(Self.root(of: try reader.hashes(low, low + Self.block).map(Self.leaf)))
    }
    let complete = known
    if complete.count > before { roots.withLock { if $0.count < complete.count { $0 = complete } } }
  }

  private struct Reader {
    let source: SQLFundSource
    let roots: [[UInt8]]

    /// Chain hashes of the leaves in `low..<high`.
    func hashes(_ low: Int64, _ high: Int64) throws -> [[UInt8]] {
      var found: [[UInt8]] = []
      while Int64(found.count) < high - low {
        let next = low + Int64(found.count) + 1
        if let chunk = try source.chunk(holding: next) {
          found += try chunk.hashes(next...min(high, chunk.last)) { try source.hash(of: chunk.first - 1) }
          continue
        }
        let before = found.count
        try source.session.scan(
          "SELECT number, hash FROM fund_transfer WHERE number >= ? AND number <= ? ORDER BY number",
          [.integer(next), .integer(high)]
        ) { row in
          // A chunk leaves a gap between rows.
          if try row.int64(0) != low + Int64(found.count) + 1 { return false }
          found.append(try row.blob(1))
          return true
        }
        if found.count == before { break }
      }
      return found
    }

    /// Root of the leaves in `low..<high`; collects the siblings of `leaf` from below when it is among them.
    func root(_ low: Int64, _ high: Int64, leaf: Int64?, path: inout [[UInt8]]) throws -> [UInt8] {
      let count = high - low
      let inside = leaf.flatMap { (low..<high).contains($0) ? $0 : nil }
      if inside == nil && count == TransferTree.block { return roots[Int(low / TransferTree.block)] }
      if count <= TransferTree.block {
        let leaves = try hashes(low, high).map(TransferTree.leaf)
        guard let inside else { return TransferTree.root(of: leaves) }
        return TransferTree.root(of: leaves[...], leaf: Int(inside - low), path: &path)
      }
      var left: Int64 = 1
      while left * 2 < count { left *= 2 }
      let middle = low + left
      if let inside, inside >= middle {
        let right = try root(middle, high, leaf: inside, path: &path)
        var none: [[UInt8]] = []
        let sibling = try root(low, middle, leaf: nil, path: &none)
        path.append(sibling)
        return TransferTree.node(sibling, right)
      }
      let first = try root(low, middle, leaf: inside, path: &path)
      var none: [[UInt8]] = []
      let second = try root(middle, high, leaf: nil, path: &none)
      if inside != nil { path.append(second) }
      return TransferTree.node(first, second)
    }
  }

  static func leaf(_ hash: [UInt8]) -> [UInt8] { digest([0] + hash) }

  static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { digest([1] + left + right) }

  static func root(of leaves: [[UInt8]]) -> [UInt8] {
    var path: [[UInt8]] = []
    return root(of: leaves[...], leaf: nil, path: &path)
  }

  private static func root(of leaves: ArraySlice<[UInt8]>, leaf: Int?, path: inout [[UInt8]]) -> [UInt8] {
    if leaves.count <= 1 { return leaves.first ?? digest([]) }
    var left = 1
    while left * 2 < leaves.count { left *= 2 }
    let middle = leaves.startIndex + left
    var none: [[UInt8]] = []
    if let leaf, leaf >= left {
      let right = root(of: leaves[middle...], leaf: leaf - left, path: &path)
      let sibling = root(of: leaves[..<middle], leaf: nil, path: &none)
      path.append(sibling)
      return node(sibling, right)
    }
    let first = root(of: leaves[..<middle], leaf: leaf, path: &path)
    let second = root(of: leaves[middle...], leaf: nil, path: &none)
    if leaf != nil { path.append(second) }
    return node(first, second)
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
