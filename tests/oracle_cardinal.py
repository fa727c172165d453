"""Cardinal's indicators in plain Python, written from its documentation: what the SQL rules are held against."""

import datetime as dt
import re
from collections import defaultdict
from typing import Any

Found = dict[tuple[str, str, str], float]  # (subject, key, code) -> value
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def quantile(values: list[float], tau: float) -> float:
    """Hyndman and Fan's type 8."""
    ordered, n = sorted(values), len(values)
    h = (n + 1 / 3) * tau + 1 / 3
    low = int(h)
    if low <= 0:
        return ordered[0]
    if low >= n:
        return ordered[-1]
    return ordered[low - 1] + (h - low) * (ordered[low] - ordered[low - 1])


def lower_fence(values: list[float]) -> tuple[float, float]:
    q1, q3 = quantile(values, 0.25), quantile(values, 0.75)
    return q1 - 1.5 * (q3 - q1), q1


def upper_fence(values: list[float]) -> float:
    q1, q3 = quantile(values, 0.25), quantile(values, 0.75)
    return q3 + 1.5 * (q3 - q1)


def moment(text: Any) -> dt.datetime | None:
    if not isinstance(text, str) or not RFC3339.match(text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def ids(organisations: Any) -> set[str]:
    return {o["id"] for o in organisations or [] if isinstance(o.get("id"), str)}


def bids_of(release: dict[str, Any]) -> list[dict[str, Any]]:
    return [b for b in release.get("bids", {}).get("details", []) if isinstance(b.get("status"), str)]


def submitted(release: dict[str, Any]) -> list[dict[str, Any]]:
    return [b for b in bids_of(release) if b["status"] not in {"invited", "withdrawn"}]


def price(bid: dict[str, Any]) -> tuple[float, str] | None:
    value = bid.get("value", {})
    if isinstance(value.get("amount"), int | float) and isinstance(value.get("currency"), str):
        return float(value["amount"]), value["currency"]
    return None


def final_awards(release: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The active awards when none is pending; None when there is no final state."""
    if "awards" not in release or "details" not in release.get("bids", {}):
        return None
    with_status = [a for a in release["awards"] if isinstance(a.get("status"), str)]
    if any(a["status"] not in {"active", "cancelled", "unsuccessful"} for a in with_status):
        return None
    return [a for a in with_status if a["status"] == "active"]


def single_winner(release: dict[str, Any]) -> str | None:
    awards = final_awards(release)
    if not awards or len(awards) != 1 or len(awards[0].get("suppliers", [])) != 1:
        return None
    winner = awards[0]["suppliers"][0].get("id")
    return winner if isinstance(winner, str) else None


def single_tenderer(bid: dict[str, Any]) -> str | None:
    tenderers = bid.get("tenderers", [])
    return tenderers[0].get("id") if len(tenderers) == 1 else None


def indicators(releases: list[dict[str, Any]], *, minimum_packages_r048: int = 20) -> Found:  # noqa: C901, PLR0912, PLR0915 (one walk, as in the documentation)
    found: Found = {}
    currency: str | None = None
    gaps: dict[str, tuple[float, str, str]] = {}
    entered: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    shares: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    classes: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for release in releases:
        tender, ocid = release.get("tender", {}), release["ocid"]
        if tender.get("status") == "cancelled":
            continue
        period = tender.get("tenderPeriod", {})
        start, end = moment(period.get("startDate")), moment(period.get("endDate"))
        if start and end and int((end - start).total_seconds() / 86400) < 15:
            found["package", ocid, "R003"] = 1.0
        if tender.get("procurementMethod") in {"open", "selective"} and tender.get("numberOfTenderers") == 1:
            found["package", ocid, "R018"] = 1.0
        seen: dict[tuple[float, str], set[str]] = {}
        for bid in submitted(release):
            tenderers, worth = ids(bid.get("tenderers")), price(bid)
            if worth is None or not tenderers:
                continue
            if worth in seen and seen[worth] != tenderers:
                found["package", ocid, "R028"] = 1.0
                found |= {("tenderer", party, "R028"): 1.0 for party in tenderers | seen[worth]}
            seen[worth] = tenderers
        active = [a for a in release.get("awards", []) if a.get("status") == "active"]
        awarded = set().union(*[ids(a.get("suppliers")) for a in active])
        for bid in bids_of(release):
            late = moment(bid.get("date"))
            if bid["status"] == "valid" and late and end and late > end:
                for party in ids(bid.get("tenderers")) & awarded:
                    found["package", ocid, "R030"] = found["tenderer", party, "R030"] = 1.0
        winner = single_winner(release)
        if winner is not None:
            valid = [b for b in bids_of(release) if b["status"] == "valid" and single_tenderer(b)]
            for party in {single_tenderer(b) for b in valid}:
                entered[party][0] += party == winner  # type: ignore[index]
                entered[party][1] += 1  # type: ignore[index]
            priced = [(price(b), single_tenderer(b)) for b in valid if price(b)]
            if priced and currency is None:
                currency = priced[0][0][1]  # type: ignore[index]
            usable = [(worth[0], party) for worth, party in priced if worth and worth[1] == currency]
            won = [amount for amount, party in usable if party == winner]
            lost = [(amount, party) for amount, party in usable if party != winner]
            if won and lost and min(amount for amount, _ in lost) >= min(won) > 0:
                second = min(amount for amount, _ in lost)
                runner_up = next(party for amount, party in lost if amount == second)
                gaps[ocid] = ((second - min(won)) / min(won), winner, runner_up)  # type: ignore[assignment]
        if active:
            priced_all = [(price(b), b["status"]) for b in submitted(release) if price(b)]
            if priced_all and currency is None:
                currency = priced_all[0][0][1]  # type: ignore[index]
            amounts = [(worth[0], status) for worth, status in priced_all if worth and worth[1] == currency]
            if amounts and any(status == "valid" for _, status in amounts):
                lowest = min(amount for amount, _ in amounts)
                if next(status for amount, status in amounts if amount == lowest) == "disqualified":
                    found["package", ocid, "R036"] = 1.0
        finals = final_awards(release)
        if finals is not None:
            suppliers = set().union(*[ids(a.get("suppliers")) for a in finals])
            valid_parties = set().union(*[ids(b.get("tenderers")) for b in bids_of(release) if b["status"] == "valid"])
            out = set().union(*[ids(b.get("tenderers")) for b in bids_of(release) if b["status"] == "disqualified"])
            if len(valid_parties) == 1 and valid_parties == suppliers and out - valid_parties:
                found["package", ocid, "R035"] = float(len(out - valid_parties))
                found["tenderer", next(iter(valid_parties)), "R035"] = 0.0
        entries = submitted(release)
        disqualified = sum(b["status"] == "disqualified" for b in entries)
        for bid in entries:
            for party in ids(bid.get("tenderers")):
                shares["tenderer", party][0] += bid["status"] == "disqualified"
                shares["tenderer", party][1] += 1
        if entries:
            organisations = ("buyer", release.get("buyer", {})), ("entity", tender.get("procuringEntity", {}))
            for subject, organisation in organisations:
                if isinstance(organisation.get("id"), str):
                    shares[subject, organisation["id"]][0] += disqualified
                    shares[subject, organisation["id"]][1] += len(entries)
        for award in active:
            if len(award.get("suppliers", [])) == 1 and ids(award["suppliers"]):
                party = award["suppliers"][0]["id"]
                for item in award.get("items", []):
                    code = item.get("classification", {}).get("id")
                    if isinstance(code, str):
                        classes[party][0].add(ocid)
                        classes[party][1].add(code[:2])
    _fences(found, gaps, entered, shares)
    varieties = {p: float(len(c)) for p, (o, c) in classes.items() if len(o) >= minimum_packages_r048}
    if varieties:
        fence = upper_fence(list(varieties.values()))
        found |= {("tenderer", p, "R048"): v for p, v in varieties.items() if v >= fence}
    return found


def _fences(found: Found, gaps: Any, entered: Any, shares: Any) -> None:
    if gaps:
        ratios = [ratio for ratio, _, _ in gaps.values()]
        low, q1 = lower_fence(ratios)
        high = upper_fence(ratios)
        for ocid, (ratio, winner, runner_up) in gaps.items():
            if q1 > 0 and low > 0 and ratio <= low:
                found["package", ocid, "R024"] = ratio
                found["tenderer", winner, "R024"] = found["tenderer", runner_up, "R024"] = 0.0
            if high > 0 and ratio >= high:
                found["package", ocid, "R058"] = ratio
                found["tenderer", winner, "R058"] = 0.0
    if entered:
        many = quantile([float(bids) for _, bids in entered.values()], 0.75)
        low, q1 = lower_fence([wins / bids for wins, bids in entered.values()])
        for party, (wins, bids) in entered.items():
            if q1 > 0 and low > 0 and bids >= many and wins / bids <= low:
                found["tenderer", party, "R025"] = wins / bids
    for subject in ("buyer", "entity", "tenderer"):
        ratios_of = {k: out / bids for (s, k), (out, bids) in shares.items() if s == subject and bids >= 2}
        if ratios_of and (high := upper_fence(list(ratios_of.values()))) > 0:
            found |= {(subject, k, "R038"): ratio for k, ratio in ratios_of.items() if ratio >= high}
