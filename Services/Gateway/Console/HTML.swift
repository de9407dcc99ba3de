/// Text made safe for HTML content and attribute values.
func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.append(character)
    }
  }
  return result
}

/// `1,234,567`
func grouped(_ value: Int64) -> String {
  var digits = Array(String(value.magnitude))
  var index = digits.count - 3
  while index > 0 {
    digits.insert(",", at: index)
    index -= 3
  }
  return (value < 0 ? "−" : "") + String(digits)
}

/// Minor units in whole units with two decimals.
func money(_ minorUnits: Int64) -> String {
  let cents = minorUnits.magnitude % 100
  let whole = grouped(Int64(minorUnits.magnitude / 100))
  return "\(minorUnits < 0 ? "−" : "")\(whole).\(cents < 10 ? "0" : "")\(cents)"
}

/// Parts per million as percent with two decimals.
func percent(_ ppm: Int64) -> String {
  let hundredths = ppm / 100
  let fraction = hundredths.magnitude % 100
  return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
}
