"""One journey through a composed stack, by keys and over its only published port. Standard library only."""

import datetime
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

base, keys = sys.argv[1], pathlib.Path(sys.argv[2])
today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
DATE = {"year": today.year, "month": today.month, "day": today.day}
USCC = "91350100M000100Y43"


def call(path, body, who, key=None, method="POST"):
    headers = {"content-type": "application/json", "authorization": "Bearer " + (keys / f"{who}.key").read_text()}
    if key:
        headers["idempotency-key"] = key
    data = None if method == "GET" else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{path}: HTTP {error.code} {error.read().decode()[:800]}")


def rpc(method, body, who="operator"):
    return call(f"/v1/rpc/huirong.{method}", body, who)


def wait_until_up():
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(base + "/v1/rpc", timeout=5).read()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"the gateway does not answer: {error}")
            time.sleep(0.5)


wait_until_up()
amount = {"currencyCode": "CNY", "minorUnits": "100000000"}
rpc("fund.v1.FundService/CreatePool", {
    "requestId": "c-pool", "poolId": "city", "displayName": "担保资金池", "regionCode": "3703", "businessDate": DATE,
    "seedCapital": {"currencyCode": "CNY", "minorUnits": "5000000000"}})
rpc("fund.v1.FundService/CreateFacility", {
    "requestId": "c-facility", "facilityId": "city", "pool": "pools/city", "displayName": "小微企业担保", "bank": "*",
    "product": "government_guarantee", "contracting": "CONTRACTING_AGREEMENT",
    "shares": {"bankPpm": "200000", "guarantorPpm": "600000", "nationalPpm": "200000"}, "feeRate": {"ppm": "8000"}, "explicitFeeCap": {"ppm": "10000"},
    "claimRateCap": {"ppm": "30000"}, "claimRateBasis": "CLAIM_RATE_BASIS_COMMITTED", "explicitDayCount": "FEE_DAY_COUNT_ACTUAL_365", "businessDate": DATE,
    "limit": {"currencyCode": "CNY", "minorUnits": "10000000000"}})
expires = {**DATE, "year": DATE["year"] + 1, "day": min(DATE["day"], 28)}
rpc("demand.v1.DemandService/RegisterEnterprise", {
    "requestId": "c-firm", "enterprise": {
        "uscc": USCC, "displayName": "样本企业", "regionCode": "370303", "industryCode": "C13", "platformGrade": "PLATFORM_GRADE_B",
        "sizeInputs": {"sector": "industry", "staff": "60", "revenue": {"currencyCode": "CNY", "minorUnits": "1000000000"}},
        "consents": [{"kind": kind, "grantedOn": DATE, "expiresOn": expires, "reference": "c"}
                     for kind in ("CONSENT_KIND_PBOC_CREDIT", "CONSENT_KIND_PUBLIC_CREDIT")]}})
journey = call("/v1/journeys", {
    "enterprise": f"enterprises/{USCC}", "amount": amount, "tenorMonths": 12, "purpose": "补充流动资金",
    "securityMode": "SECURITY_MODE_GUARANTEE", "instrument": "INSTRUMENT_LOAN", "channel": "CHANNEL_ONLINE"}, "operator", "c-submit")
name = journey["demand"]["name"].split("/")[1]
assert journey["demand"]["state"] == "DEMAND_STATE_PUSHED", journey


def act(action, body, who="bank"):
    return call(f"/v1/journeys/{name}:{action}", body, who, f"c-{action}")


act("claim", {})
act("offer", {"amount": amount, "rate": {"ppm": "34500"}, "tenorMonths": 12, "guaranteeNeeded": True})
act("sign", {"contract": {"number": "C-1", "amount": amount, "signedOn": DATE}})
evidence = {"kind": "drawdown-slip", "reference": "c/1"}
act("disburse", {"disbursement": {"amount": amount, "paidOn": DATE, "evidence": evidence}})
closed = act("close", {"evidence": [evidence], "reason": "销号"}, "operator")
assert closed["demand"]["state"] == "DEMAND_STATE_CLOSED", closed
assert [g["state"] for g in closed["guarantees"]] == ["GUARANTEE_STATE_IN_FORCE"], closed
print(f"journey {name}: closed, guarantee {closed['guarantees'][0]['name']} in force")
