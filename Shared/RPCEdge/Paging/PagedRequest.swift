internal import Crypto
package import Kernel
package import SwiftProtobuf

/// A list request in the shape of AIP-158. Generated messages conform with an empty extension:
/// `extension Huirong_Fund_V1_ListAccountsRequest: PagedRequest {}`.
package protocol PagedRequest: Message {
  var pageSize: Int32 { get set }
  var pageToken: String { get set }
}

/// Which page of a list a caller wants.
package struct Page: Sendable, Hashable {
  /// Rows of a page when the caller does not say.
  package static let defaultSize = 50
  /// Most rows of a page; a caller who asks for more gets these.
  package static let maximumSize = 1000

  /// Rows wanted, 1 to `maximumSize`. Read one row more to learn whether another page follows.
  package let size: Int
  /// Where the page begins: what `token(after:)` was given for the page before; `nil` for the first page.
  package let cursor: String?

  private let binding: [UInt8]

  /// - Parameter method: the call's full method name, so that a token of one list does not fit another.
  /// - Throws: `INVALID_PAGE_SIZE`; `INVALID_PAGE_TOKEN` for a token that was made for other arguments or by nobody.
  package init(_ request: some PagedRequest, method: String) throws(DomainError) {
    size = try Self.size(request.pageSize)
    binding = Self.binding(request, method)
    cursor = request.pageToken.isEmpty ? nil : try PageToken.cursor(request.pageToken, binding: binding)
  }

  /// The `next_page_token` of a page whose last row has this key. `cursor` must name the row in the list's order.
  package func token(after cursor: String) -> String { PageToken.make(cursor, binding: binding) }

  /// The rows of this page out of up to `size + 1` rows read, and the token of the next page, empty on the last one.
  package func cut<Row>(_ rows: [Row], cursor: (Row) -> String) -> (rows: [Row], nextPageToken: String) {
    guard rows.count > size, size > 0 else { return (rows, "") }
    let page = Array(rows.prefix(size))
    return (page, token(after: cursor(page[size - 1])))
  }

  /// 0 → `defaultSize`, above `maximumSize` → `maximumSize` (AIP-158).
  /// - Throws: `INVALID_PAGE_SIZE` for a negative one.
  package static func size(_ requested: Int32, field: String = "page_size") throws(DomainError) -> Int {
    guard requested >= 0 else {
      throw DomainError(.invalidPageSize, "page_size must not be negative: \(requested)", field: field)
    }
    return requested == 0 ? defaultSize : min(Int(requested), maximumSize)
  }

  /// SHA-256 over the method and every argument but the page's own, shortened to 16 bytes.
  private static func binding<Request: PagedRequest>(_ request: Request, _ method: String) -> [UInt8] {
    var arguments = request
    arguments.pageSize = 0
    arguments.pageToken = ""
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    let bytes: [UInt8] = (try? arguments.serializedBytes(options: options)) ?? []
    var hash = SHA256()
    hash.update(data: Array(method.utf8))
    hash.update(data: [0])
    hash.update(data: bytes)
    return Array(hash.finalize().prefix(16))
  }
}
