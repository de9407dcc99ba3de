import GatewayConsole
import Protos
import SwiftProtobuf
import Testing

@Suite("The console's page")
struct ConsolePageTests {
  @Test("shows sums and titles, and escapes every value that came from outside")
  func escapes() {
    var overview = ConsoleOverview()
    overview.pools = [
      .with {
        $0.displayName = "<script>alert('x')</script>&\""
        $0.currencyCode = "CNY"
        $0.cash.minorUnits = 123_456_789
        $0.seedCapital.minorUnits = -5
      }
    ]
    overview.products = [.with { $0.title.zh = "国担快贷" }]
    let html = ConsolePage(overview).html()
    #expect(!html.contains("<script>"))
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;"))
    #expect(html.contains("1,234,567.89"))
    #expect(html.contains("−0.05"))
    #expect(html.contains("国担快贷"))
  }

  @Test("names the accounts and the rules behind every figure of pools and facilities, and escapes them too")
  func sources() {
    var overview = ConsoleOverview()
    overview.pools = [
      .with {
        $0.displayName = "市级资金池"
        $0.sources = [
          .with {
            $0.figures = ["cash"]
            $0.accounts = ["accounts/city.1001"]
            $0.measure = "posted balance"
          }
        ]
      }
    ]
    overview.facilities = [
      .with {
        $0.displayName = "国担快贷"
        $0.sources = [
          .with {
            $0.figures = ["liability_in_force", "<b>"]
            $0.accounts = ["accounts/city.8002.f"]
            $0.measure = "posted balance"
          }
        ]
        $0.citations = [
          .with {
            $0.ruleID = "taian-2023-2.guodan.fee"
            $0.document = "泰金监字〔2023〕2号"
            $0.article = "工商银行 二"
            $0.quote = "客户按规定缴纳 1%/年的担保费即可实现批量担保"
          }
        ]
      },
      .with { $0.displayName = "silent" },
    ]
    let html = ConsolePage(overview).html()
    #expect(html.contains("cash: posted balance · <code>accounts/city.1001</code>"))
    #expect(html.contains("<code>accounts/city.8002.f</code>") && html.contains("&lt;b&gt;"))
    #expect(html.contains("泰金监字〔2023〕2号 工商银行 二 “客户按规定缴纳 1%/年的担保费即可实现批量担保”"))
    #expect(html.contains("<code>taian-2023-2.guodan.fee</code>"))
    // A row without any source says so and does not look as if it had one.
    #expect(html.contains("the service names no source"))
  }

  @Test("says which service it has no data from")
  func absent() {
    let html = ConsolePage(ConsoleOverview()).html()
    for service in ["demand", "fund", "evaluation"] { #expect(html.contains("no data from the \(service) service")) }
  }

  @Test("draws the funnel in proportion to its widest stage and rates above 100 % unclamped")
  func funnel() {
    var overview = ConsoleOverview()
    overview.demands = .with {
      $0.total.reached = [
        .with {
          $0.state = .submitted
          $0.count = 200
        },
        .with {
          $0.state = .closed
          $0.count = 50
        },
      ]
      $0.total.amounts = [
        .with {
          $0.currencyCode = "CNY"
          $0.grantedRate.ppm = 1_080_000
        }
      ]
    }
    let html = ConsolePage(overview).html()
    #expect(html.contains("width:100%"))
    #expect(html.contains("width:25%"))
    #expect(html.contains("108.00 %"))
  }
}
