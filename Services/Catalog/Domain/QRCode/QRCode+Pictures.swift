extension QRCode {
  /// Black on white, one unit a module, with its quiet zone.
  package var svg: String {
    let side = size + 2 * Self.quietZone
    var path = ""
    for row in 0..<size {
      var column = 0
      while column < size {
        guard isDark(row, column) else {
          column += 1
          continue
        }
        let start = column
        while column < size, isDark(row, column) { column += 1 }
        path += "M\(start + Self.quietZone) \(row + Self.quietZone)h\(column - start)v1h-\(column - start)z"
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
      <path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path d="\(path)"/></svg>
      """
  }

  /// A PNG of one bit a pixel, with its quiet zone.
  /// - Parameter module: pixels of a module.
  package func png(module: Int) -> [UInt8] {
    let side = (size + 2 * Self.quietZone) * module
    var pixels: [UInt8] = []
    for y in 0..<side {
      var line = [UInt8](repeating: 0, count: (side + 7) / 8)
      for x in 0..<side {
        let (row, column) = (y / module - Self.quietZone, x / module - Self.quietZone)
        let isInside = (0..<size).contains(row) && (0..<size).contains(column)
        if !(isInside && isDark(row, column)) { line[x >> 3] |= 0x80 >> UInt8(x & 7) }
      }
      pixels.append(0)
      pixels += line
    }
    return PNG.file(width: side, height: side, scanlines: pixels)
  }
}

/// Grey pictures of one bit a pixel. The pixels stand uncompressed in their zlib stream, which every reader accepts.
enum PNG {
  static func file(width: Int, height: Int, scanlines: [UInt8]) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [1, 0, 0, 0, 0])
      + chunk("IDAT", stored(scanlines)) + chunk("IEND", [])
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc(body))
  }

  /// zlib (RFC 1950) with stored blocks (RFC 1951, 3.2.4).
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let length = min(65_535, data.count - start)
      let isLast = start + length == data.count
      stream += [
        isLast ? 1 : 0, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8 & 0xFF),
      ]
      stream += data[start..<start + length]
      start += length
    } while start < data.count
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return stream + bigEndian(high << 16 | low)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1) * 0xEDB8_8320 }
    }
    return ~crc
  }
}
