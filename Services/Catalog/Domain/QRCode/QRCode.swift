package import Kernel

/// A QR code (ISO/IEC 18004) of error correction level M in byte mode, versions 1 to 10: up to 213 bytes, which is every
/// address a product page can have. Written here because the whole of what is needed is smaller than the system library that
/// would otherwise have to be in every image that serves products.
package struct QRCode: Hashable, Sendable {
  /// Modules a side, without the quiet zone.
  package let size: Int
  private var dark: [Bool]
  /// Modules that masks leave alone.
  private var fixed: [Bool]

  /// Light modules that the standard asks for around the code.
  package static let quietZone = 4

  package func isDark(_ row: Int, _ column: Int) -> Bool { dark[row * size + column] }

  /// - Throws: `INVALID_ARGUMENT` for more than 213 bytes.
  package init(_ text: String) throws(DomainError) {
    let bytes = Array(text.utf8)
    guard let version = QRTables.all.first(where: { bytes.count <= $0.capacity }) else {
      throw .invalid("uri", "a code holds at most \(QRTables.all.last?.capacity ?? 0) bytes, not \(bytes.count)")
    }
    size = 17 + 4 * version.number
    dark = Array(repeating: false, count: size * size)
    fixed = dark
    drawPatterns(version)
    drawData(QRBlocks.codewords(bytes, version))
    // The mask that leaves the code easiest to read, the first of equals.
    let plain = self
    var (best, least) = (0, Int.max)
    for mask in 0..<8 {
      var candidate = plain
      candidate.apply(mask: mask)
      let penalty = candidate.penalty
      if penalty < least { (best, least) = (mask, penalty) }
    }
    apply(mask: best)
  }

  private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
    dark[row * size + column] = isDark
    fixed[row * size + column] = true
  }

  // MARK: Patterns

  private mutating func drawPatterns(_ version: QRVersion) {
    for index in 0..<size {
      set(6, index, index % 2 == 0)
      set(index, 6, index % 2 == 0)
    }
    for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
    let centres = version.alignment
    for row in centres {
      for column in centres
      where !(row == 6 && column == 6 || row == 6 && column == size - 7 || row == size - 7 && column == 6) {
        for dy in -2...2 { for dx in -2...2 { set(row + dy, column + dx, max(abs(dy), abs(dx)) != 1) } }
      }
    }
    drawFormat(mask: 0)
    if version.number >= 7 { drawVersion(version.number) }
  }

  private mutating func drawFinder(_ row: Int, _ column: Int) {
    for dy in -4...4 {
      for dx in -4...4 where (0..<size).contains(row + dy) && (0..<size).contains(column + dx) {
        let ring = max(abs(dy), abs(dx))
        set(row + dy, column + dx, ring != 2 && ring != 4)
      }
    }
  }

  /// Level and mask with their check bits, twice.
  private mutating func drawFormat(mask: Int) {
    // Level M is 00.
    var rest = mask
    for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
    let bits = (mask << 10 | rest) ^ 0x5412
    func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
    for index in 0...5 { set(index, 8, bit(index)) }
    set(7, 8, bit(6))
    set(8, 8, bit(7))
    set(8, 7, bit(8))
    for index in 9..<15 { set(8, 14 - index, bit(index)) }
    for index in 0..<8 { set(8, size - 1 - index, bit(index)) }
    for index in 8..<15 { set(size - 15 + index, 8, bit(index)) }
    set(size - 8, 8, true)
  }

  private mutating func drawVersion(_ number: Int) {
    var rest = number
    for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
    let bits = number << 12 | rest
    for index in 0..<18 {
      let isDark = bits >> index & 1 == 1
      set(size - 11 + index % 3, index / 3, isDark)
      set(index / 3, size - 11 + index % 3, isDark)
    }
  }

  /// Two columns at a time from the right, up and down in turn, past the vertical timing pattern.
  private mutating func drawData(_ codewords: [UInt8]) {
    var position = 0
    var right = size - 1
    while right >= 1 {
      if right == 6 { right = 5 }
      let isUpward = (right + 1) & 2 == 0
      for step in 0..<size {
        let row = isUpward ? size - 1 - step : step
        for column in [right, right - 1] where !fixed[row * size + column] && position < codewords.count * 8 {
          dark[row * size + column] = codewords[position >> 3] >> UInt8(7 - position & 7) & 1 == 1
          position += 1
        }
      }
      right -= 2
    }
  }

  // MARK: Masks

  private mutating func apply(mask: Int) {
    for row in 0..<size {
      for column in 0..<size where !fixed[row * size + column] && Self.inverts(mask, row, column) {
        dark[row * size + column].toggle()
      }
    }
    drawFormat(mask: mask)
  }

  private static func inverts(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
    switch mask {
    case 0: (row + column) % 2 == 0
    case 1: row % 2 == 0
    case 2: column % 3 == 0
    case 3: (row + column) % 3 == 0
    case 4: (row / 2 + column / 3) % 2 == 0
    case 5: row * column % 2 + row * column % 3 == 0
    case 6: (row * column % 2 + row * column % 3) % 2 == 0
    default: ((row + column) % 2 + row * column % 3) % 2 == 0
    }
  }

  /// How hard the code is to read, by the standard's four rules.
  private var penalty: Int {
    var total = 0
    for line in 0..<size {
      total += Self.linePenalty((0..<size).map { isDark(line, $0) })
      total += Self.linePenalty((0..<size).map { isDark($0, line) })
    }
    for row in 0..<size - 1 {
      for column in 0..<size - 1 {
        let colour = isDark(row, column)
        if colour == isDark(row, column + 1), colour == isDark(row + 1, column), colour == isDark(row + 1, column + 1) {
          total += 3
        }
      }
    }
    let count = dark.count { $0 }
    // Every 5 % away from half dark.
    return total + 10 * (abs(count * 20 - dark.count * 10) / dark.count)
  }

  private static let finderLike: [[Bool]] = [
    [true, false, true, true, true, false, true, false, false, false, false],
    [false, false, false, false, true, false, true, true, true, false, true],
  ]

  private static func linePenalty(_ line: [Bool]) -> Int {
    var total = 0
    var run = 1
    for index in 1...line.count {
      if index < line.count, line[index] == line[index - 1] {
        run += 1
      } else {
        if run >= 5 { total += run - 2 }
        run = 1
      }
    }
    for start in 0...line.count - 11 where finderLike.contains(Array(line[start..<start + 11])) { total += 40 }
    return total
  }
}
