/// One version of a QR code at level M.
struct QRVersion: Sendable {
  let number: Int
  /// Check codewords of each block.
  let checks: Int
  /// Data codewords of each block, short blocks first.
  let blocks: [Int]
  /// Centres of the alignment patterns.
  let alignment: [Int]

  var dataCodewords: Int { blocks.reduce(0, +) }
  /// Bits that say how many bytes there are.
  var countBits: Int { number < 10 ? 8 : 16 }
  /// Bytes of text.
  var capacity: Int { (dataCodewords * 8 - 4 - countBits) / 8 }
}

/// ISO/IEC 18004, tables 7, 9 and E.1, level M.
enum QRTables {
  static let all: [QRVersion] = [
    QRVersion(number: 1, checks: 10, blocks: [16], alignment: []),
    QRVersion(number: 2, checks: 16, blocks: [28], alignment: [6, 18]),
    QRVersion(number: 3, checks: 26, blocks: [44], alignment: [6, 22]),
    QRVersion(number: 4, checks: 18, blocks: [32, 32], alignment: [6, 26]),
    QRVersion(number: 5, checks: 24, blocks: [43, 43], alignment: [6, 30]),
    QRVersion(number: 6, checks: 16, blocks: [27, 27, 27, 27], alignment: [6, 34]),
    QRVersion(number: 7, checks: 18, blocks: [31, 31, 31, 31], alignment: [6, 22, 38]),
    QRVersion(number: 8, checks: 22, blocks: [38, 38, 39, 39], alignment: [6, 24, 42]),
    QRVersion(number: 9, checks: 22, blocks: [36, 36, 36, 37, 37], alignment: [6, 26, 46]),
    QRVersion(number: 10, checks: 26, blocks: [43, 43, 43, 43, 44], alignment: [6, 28, 50]),
  ]
}

/// Bytes into codewords with Reed–Solomon checks over GF(256).
enum QRBlocks {
  static func codewords(_ bytes: [UInt8], _ version: QRVersion) -> [UInt8] {
    let data = padded(bytes, version)
    let generator = generator(version.checks)
    var blocks: [(data: [UInt8], checks: [UInt8])] = []
    var start = 0
    for length in version.blocks {
      let block = Array(data[start..<start + length])
      blocks.append((block, remainder(block, generator)))
      start += length
    }
    var result: [UInt8] = []
    for index in 0..<(version.blocks.max() ?? 0) {
      for block in blocks where index < block.data.count { result.append(block.data[index]) }
    }
    for index in 0..<version.checks { for block in blocks { result.append(block.checks[index]) } }
    return result
  }

  /// Mode, length, text, an end of up to four zeros, then 236 and 17 in turn.
  private static func padded(_ bytes: [UInt8], _ version: QRVersion) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ count: Int) {
      for shift in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> shift & 1 == 1) }
    }
    append(4, 4)
    append(bytes.count, version.countBits)
    for byte in bytes { append(Int(byte), 8) }
    let capacity = version.dataCodewords * 8
    append(0, min(4, capacity - bits.count))
    append(0, (8 - bits.count % 8) % 8)
    var data = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
    }
    var pad: UInt8 = 236
    while data.count < version.dataCodewords {
      data.append(pad)
      pad = pad == 236 ? 17 : 236
    }
    return data
  }

  private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var product = 0
    for shift in stride(from: 7, through: 0, by: -1) {
      product = product << 1 ^ (product >> 7) * 0x11D
      product ^= Int(right >> UInt8(shift) & 1) * Int(left)
    }
    return UInt8(truncatingIfNeeded: product)
  }

  /// Coefficients of ∏ (x − 2^i), highest power first, without the leading 1.
  private static func generator(_ degree: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: degree)
    result[degree - 1] = 1
    var root: UInt8 = 1
    for _ in 0..<degree {
      for index in result.indices {
        result[index] = multiply(result[index], root)
        if index + 1 < degree { result[index] ^= result[index + 1] }
      }
      root = multiply(root, 2)
    }
    return result
  }

  private static func remainder(_ data: [UInt8], _ generator: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: generator.count)
    for byte in data {
      let factor = byte ^ result.removeFirst()
      result.append(0)
      for index in result.indices { result[index] ^= multiply(generator[index], factor) }
    }
    return result
  }
}
