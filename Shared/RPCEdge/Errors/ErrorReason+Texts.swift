package import Kernel

extension ErrorReason {
  /// What the reason means, for docs/errors.md, and the zh-CN sentence of `LocalizedMessage`.
  package var texts: (meaning: String, chinese: String) {
    switch self {
    case .invalidArgument: ("A field has a value that the method does not take.", "请求参数不正确。")
    case .requiredFieldMissing: ("A required field is not set.", "缺少必填字段。")
    case .invalidRequestID:
      (
        "`request_id` is not 1 to 64 visible ASCII characters.",
        "请求编号必须为 1 至 64 个可见 ASCII 字符。"
      )
    case .invalidResourceName: ("A resource name is not of the form `collection/{id}`.", "资源名称格式不正确。")
    case .invalidCurrency: ("The currency is not a supported ISO 4217 code of two decimals.", "币种代码不受支持。")
    case .currencyMismatch: ("Amounts of two currencies meet where one is needed.", "币种不一致。")
    case .invalidDate: ("There is no such day, or it lies outside 1900 to 2199.", "日期不正确。")
    case .invalidUSCC:
      (
        "A unified social credit code has a wrong length, character or check character.",
        "统一社会信用代码不正确。"
      )
    case .invalidRegion: ("A region code is not a known prefix of GB/T 2260.", "行政区划代码不正确。")
    case .invalidIndustry: ("An industry is not one that the rules know.", "行业代码不正确。")
    case .invalidSplit: ("Shares are empty, negative or all zero.", "分摊比例不正确。")
    case .invalidFilter:
      (
        "A filter does not parse or names what the list cannot filter by; `column` says where.",
        "筛选条件不正确。"
      )
    case .invalidPageToken:
      (
        "A page token was made by nobody, or for a list with other arguments.",
        "分页标记无效，请从第一页重新查询。"
      )
    case .invalidPageSize: ("A page size is negative.", "分页大小不正确。")
    case .invalidJSON: ("A body is not JSON, or not JSON of the expected message.", "JSON 格式不正确。")
    case .amountOverflow: ("A calculation does not fit 64 bits.", "金额超出可表示的范围。")
    case .divisionByZero: ("A ratio has a denominator of zero.", "除数为零。")
    case .batchTooLarge: ("A list in a request has more entries than the method takes.", "批量条数超过上限。")
    case .credentialsMissing: ("The call carries no credentials.", "请先提供身份凭证。")
    case .credentialsInvalid: ("The credentials are malformed or unknown.", "身份凭证无效。")
    case .roleNotAllowed: ("The caller's role may not call this method.", "您的角色无权进行此操作。")
    case .outOfScope: ("The resource lies outside the caller's region or organisation.", "超出您的管辖或业务范围。")
    case .sameOfficer: ("Maker and checker are the same person.", "经办与复核不得为同一人。")
    case .resourceNotFound: ("The resource does not exist, or is not visible to the caller.", "所查对象不存在。")
    case .resourceExists: ("A resource with this name or natural key exists already.", "对象已存在。")
    case .requestIDReused:
      (
        "The `request_id` was used before with another method, resource or body.",
        "请求编号已用于另一请求。"
      )
    case .etagMismatch: ("The resource changed since it was read.", "对象已被他人修改，请刷新后重试。")
    case .stateConflict: ("The resource is in a state that does not allow this.", "当前状态不允许此操作。")
    case .alreadyClaimed: ("Another institution claimed the demand first.", "该需求已被其他机构认领。")
    case .evidenceMissing: ("The step needs evidence that was not given.", "缺少证明材料。")
    case .consentMissing: ("The step needs a consent that was not given.", "缺少当事人授权。")
    case .insufficientFunds: ("An account has less available than the step needs.", "可用余额不足。")
    case .limitExceeded: ("A limit of policy or of an agreement would be exceeded.", "超过限额。")
    case .breakerTripped:
      (
        "The breaker (熔断) of the facility has tripped: no new business until it is reset.",
        "已触发熔断，暂停新增业务。"
      )
    case .unbalancedTransfer: ("Debits and credits of a posting differ.", "借贷不平衡。")
    case .transferExpired: ("The reservation expired before it was posted.", "预留已过期。")
    case .doubleCompensation: ("The loss is already covered by another instrument.", "同一损失不得重复补偿。")
    case .policyNotStated:
      (
        "No pack in force states the parameter; give it explicitly.",
        "政策文件未作规定，请明确给出参数。"
      )
    case .policyFactMissing:
      (
        "A rule depends on a fact about the firm that was not given.",
        "缺少适用政策所需的企业信息。"
      )
    case .policyConditionFailed: ("A condition of policy is not met.", "不符合政策规定的条件。")
    case .schemeInvalid: ("An evaluation scheme contradicts itself.", "评价方案不正确。")
    case .dataRefused: ("Imported data fails its checks.", "数据未通过校验。")
    case .sequenceNotAvailable:
      (
        "The event sequence asked for lies beyond the log, or is no longer kept.",
        "所请求的事件序号不可用。"
      )
    case .chainBroken: ("A hash chain does not verify.", "审计链校验失败。")
    case .methodNotFound: ("No service of this process has the method.", "没有这个方法。")
    case .overloaded: ("The process has more work than it accepts; back off and retry.", "系统繁忙，请稍后重试。")
    case .messageTooLarge: ("A message is larger than the process takes.", "消息过大。")
    case .diskFull:
      (
        "The store has no room: reads go on, writes are refused until there is.",
        "存储空间不足，暂不能写入。"
      )
    case .deadlineExceeded:
      (
        "The caller's deadline passed; a command may or may not have happened, and repeating it is safe.",
        "处理超时。"
      )
    case .cancelled: ("The caller cancelled the call.", "请求已取消。")
    case .unavailable: ("The service cannot be reached or is not ready.", "服务暂不可用，请稍后重试。")
    case .shuttingDown: ("The process is draining; call again.", "服务正在停止，请稍后重试。")
    case .dependencyUnavailable:
      (
        "Another service that this call needs cannot be reached.",
        "所依赖的服务暂不可用，请稍后重试。"
      )
    case .internal:
      (
        "A fault of the service; `incident` finds it in the log.",
        "系统内部错误，请凭事件编号联系运维。"
      )
    }
  }
}
