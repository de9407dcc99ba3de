import GRDBSQLite

/// One row of a result, read by position from 0. It lives only inside the closure that received it.
///
/// Every accessor checks the column's type: a NULL, a number for a text or a fraction for a whole number is an error
/// that names the column, never a silent zero.
public struct Row {
  let statement: OpaquePointer

  /// Number of columns of the result.
  public var count: Int { Int(sqlite3_column_count(statement)) }

  /// - Throws: `StorageError` of kind `columnType` unless the column holds a 64-bit integer.
  @inline(__always)
  public func int64(_ index: Int) throws(StorageError) -> Int64 {
    let type = sqlite3_column_type(statement, Int32(truncatingIfNeeded: index))
    if type != SQLITE_INTEGER { throw mismatch(index, type, "an integer") }
    return sqlite3_column_int64(statement, Int32(truncatingIfNeeded: index))
  }

  /// - Throws: `StorageError` of kind `columnType` unless the column holds an integer that fits.
  public func int(_ index: Int) throws(StorageError) -> Int { Int(try int64(index)) }

  /// - Throws: `StorageError` of kind `columnType` unless the column holds an integer that fits 32 bits.
  public func int32(_ index: Int) throws(StorageError) -> Int32 {
    let wide = try int64(index)
    guard let value = Int32(exactly: wide) else {
      throw StorageError(.columnType, "column \(name(index)) holds \(wide), which does not fit 32 bits")
    }
    return value
  }

  /// 1 is true, 0 is false, anything else is an error.
  /// - Throws: `StorageError` of kind `columnType`.
  public func flag(_ index: Int) throws(StorageError) -> Bool {
    switch try int64(index) {
    case 0: return false
    case 1: return true
    case let other: throw StorageError(.columnType, "column \(name(index)) holds \(other), neither 0 nor 1")
    }
  }

  /// - Throws: `StorageError` of kind `columnType` unless the column holds text.
  public func text(_ index: Int) throws(StorageError) -> String {
    let type = sqlite3_column_type(statement, Int32(truncatingIfNeeded: index))
    if type != SQLITE_TEXT { throw mismatch(index, type, "text") }
    return uncheckedText(Int32(truncatingIfNeeded: index))
  }

  /// - Throws: `StorageError` of kind `columnType` unless the column holds bytes.
  public func blob(_ index: Int) throws(StorageError) -> [UInt8] {
    let type = sqlite3_column_type(statement, Int32(truncatingIfNeeded: index))
    if type != SQLITE_BLOB { throw mismatch(index, type, "bytes") }
    return uncheckedBlob(Int32(truncatingIfNeeded: index))
  }

  public func isNull(_ index: Int) -> Bool {
    sqlite3_column_type(statement, Int32(truncatingIfNeeded: index)) == SQLITE_NULL
  }

  public func optionalInt64(_ index: Int) throws(StorageError) -> Int64? { isNull(index) ? nil : try int64(index) }
  public func optionalInt(_ index: Int) throws(StorageError) -> Int? { isNull(index) ? nil : try int(index) }
  public func optionalInt32(_ index: Int) throws(StorageError) -> Int32? { isNull(index) ? nil : try int32(index) }
  public func optionalText(_ index: Int) throws(StorageError) -> String? { isNull(index) ? nil : try text(index) }
  public func optionalBlob(_ index: Int) throws(StorageError) -> [UInt8]? { isNull(index) ? nil : try blob(index) }

  /// The column as it would be bound again; what hash chains are computed over.
  /// - Throws: `StorageError` of kind `columnType` for a floating-point number.
  public func value(_ index: Int) throws(StorageError) -> SQLValue {
    let column = Int32(truncatingIfNeeded: index)
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: return .null
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_TEXT: return .text(uncheckedText(column))
    case SQLITE_BLOB: return .blob(uncheckedBlob(column))
    case let type: throw mismatch(index, type, "an integer, text or bytes")
    }
  }

  private func uncheckedText(_ column: Int32) -> String {
    guard let base = sqlite3_column_text(statement, column) else { return "" }
    let length = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: base, count: length), as: UTF8.self)
  }

  private func uncheckedBlob(_ column: Int32) -> [UInt8] {
    guard let base = sqlite3_column_blob(statement, column) else { return [] }
    let length = Int(sqlite3_column_bytes(statement, column))
    return [UInt8](UnsafeRawBufferPointer(start: base, count: length))
  }

  private func name(_ index: Int) -> String {
    guard let name = sqlite3_column_name(statement, Int32(truncatingIfNeeded: index)) else { return "\(index)" }
    return "\(index) (\(String(cString: name)))"
  }

  @inline(never)
  private func mismatch(_ index: Int, _ type: Int32, _ wanted: String) -> StorageError {
    let found =
      switch type {
      case SQLITE_INTEGER: "an integer"
      case SQLITE_FLOAT: "a floating-point number"
      case SQLITE_TEXT: "text"
      case SQLITE_BLOB: "bytes"
      default: index < count ? "NULL" : "nothing: the row has \(count) columns"
      }
    return StorageError(.columnType, "column \(name(index)) should hold \(wanted) but holds \(found)")
  }
}

@available(*, unavailable, message: "a row lives only inside the closure that received it")
extension Row: Sendable {}
