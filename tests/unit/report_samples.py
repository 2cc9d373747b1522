"""A filled database for the report's tests: two experiments, resumed beats, a chain, measurements, answers."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.engine.report.writing import write_report
from store import Store
from store.records import (
    AnswerRecord,
    ChainRecord,
    ChainStepRecord,
    ExperimentMarginRecord,
    ExperimentRecord,
    IssueRecord,
    LaunchRecord,
    MeasurementRecord,
    MetricRecord,
    ProcessSampleRecord,
    ResumeVerdictRecord,
    RunRecord,
    RuntimeRecord,
    SignoffRecord,
    TrialRecord,
    Write,
)
from tests.unit.store_samples import fixed_clock, sample

BASELINE, CANDIDATE, OPENCODE = "pi_local", "agentos_local/pi", "agentos_local/opencode"
PAIRS = 12
HOSTILE = "<script>alert(1)</script> | \u202e`rm` \x1b[31m[x](javascript:alert(1)) \x07 </table>"
"""Markup, a table's border, a right-to-left override, code, colours, a link and a bell."""

_PROVENANCE = {
    "sidebeat": "0.1.0",
    "python": "3.11.7",
    "node": "24.19.0",
    "system": "Linux 6.1 x86_64",
    "cpu_count": 8,
    "memory_bytes": 16 * 2**30,
    "load_1m": 0.4,
    "script_sha256": "ab" * 32,
}
_PRIMARY = "execute_to_first_request_ms"


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    epoch: float = 1_700_000_000.0

    def epoch_s(self) -> float:
        """Always the same moment."""
        return self.epoch

    def new_id(self) -> str:
        """Of the moment, so that notes of different moments are different rows."""
        return f"note-{self.epoch:.0f}"


async def fill(path: Path, records: Iterator[Write] | None = None) -> None:
    """A database with these records, or with all of this module."""
    async with await Store.open(path, fixed_clock) as store:
        for record in filled_records() if records is None else records:
            store.put(record)


def filled_records() -> Iterator[Write]:
    """Everything, in the order of its making."""
    for key, experimental in ((BASELINE, False), (CANDIDATE, True), (OPENCODE, True)):
        title = {BASELINE: "pi on the host", CANDIDATE: "pi in a VM", OPENCODE: "opencode in a VM"}[key]
        yield sample(RuntimeRecord, key=key, title=title, experimental=experimental, definition_json="{}")
    yield from experiment("e1", 1, (BASELINE, BASELINE), "self-check", factor=1.0)
    yield from experiment("e2", 2, (BASELINE, CANDIDATE), "comparison", factor=1.9)
    yield from remembering()
    yield from chain()
    yield from measurements()
    question = "phase-0.question.1"
    body = "A heartbeat that resumes.\n\nIt should cost no more than a quarter."
    yield sample(AnswerRecord, id="a1", subject_id=question, body=body, author="Ada", written_at=_at(1))


def signed(decision: str = "pause") -> SignoffRecord:
    """A decision on the plan's explicit recommendation."""
    statement = "The VM does not hand the session on."
    return SignoffRecord(
        id="s1",
        subject_id="phase-1.exit.3",
        decision=decision,
        statement=statement,
        signed_by="Grace",
        signed_at=_at(9000),
    )


def experiment(identity: str, number: int, keys: tuple[str, str], kind: str, *, factor: float) -> Iterator[Write]:
    """`PAIRS` pairs after one warm-up pair; the second arm takes `factor` as long, both scatter by some percent."""
    title = f"hello-tool: {keys[0]} against {'itself' if kind == 'self-check' else keys[1]}, cold"
    yield sample(
        ExperimentRecord,
        id=identity,
        number=number,
        title=title,
        kind=kind,
        scenarios_json='["hello-tool"]',
        runtime_keys_json=json.dumps(keys),
        temperature="cold",
        seed=7,
        warmup_pairs=1,
        min_pairs=10,
        max_pairs=PAIRS,
        stops_when_settled=False,
        time_limit_s=300.0,
        state="finished",
        started_at=_at(0),
        finished_at=_at(5000),
        provenance_json=json.dumps(_PROVENANCE),
    )
    for metric, ratio, is_primary in ((_PRIMARY, 1.25, True), ("execute_ms", 1.5, False)):
        yield ExperimentMarginRecord(
            experiment_id=identity,
            metric=metric,
            revision=0,
            margin_ratio=ratio,
            is_primary=is_primary,
            set_at=_at(0),
            finished_pairs_then=0,
            reason="fixed before the first pair",
        )
    for pair_no in range(1, PAIRS + 2):
        for arm, key in enumerate(keys):
            yield from _trial(identity, number, pair_no, arm, key, factor if arm else 1.0)


def _trial(identity: str, number: int, pair_no: int, arm: int, key: str, factor: float) -> Iterator[Write]:
    run_id = f"{identity}-p{pair_no:02d}-{'ab'[arm]}"
    yield TrialRecord(
        experiment_id=identity,
        pair_no=pair_no,
        attempt=1,
        arm_index=arm,
        position=arm if pair_no % 2 else 1 - arm,
        scenario="hello-tool",
        runtime_key=key,
        is_warmup=pair_no == 1,
        state="finished",
        issue_id=f"i-{run_id}",
        run_ids_json=json.dumps([run_id]),
        started_at=_at(number * 1000 + pair_no * 10),
        finished_at=_at(number * 1000 + pair_no * 10 + 5),
    )
    # A fixed scatter of a few percent that neither grows nor follows the order.
    scatter = 1 + ((pair_no * 7 + arm * 3) % 11 - 5) / 200
    first_ms = 400.0 * factor * scatter
    yield from run(run_id, key, at_s=number * 1000 + pair_no * 10 + arm, launch="trial", metrics=_times(first_ms))


def _times(first_ms: float) -> dict[str, float]:
    return {
        "checkout_ms": 1.0,
        "root_ms": 2.0,
        "endpoint_ms": 50.0,
        "bridge_ms": 120.0,
        "execute_to_spawn_ms": first_ms * 0.25,
        "spawn_to_first_request_ms": first_ms * 0.75,
        _PRIMARY: first_ms,
        "model_ms": 20.0,
        "between_requests_ms": 60.0,
        "last_answer_to_result_ms": 30.0,
        "execute_ms": first_ms + 110.0,
        "peak_pss_bytes": 100.0 * 2**20 + first_ms * 2**17,
    }


def run(
    run_id: str,
    key: str,
    *,
    at_s: int,
    launch: str = "sequence",
    scenario: str = "hello-tool",
    beat: int = 1,
    issue: str = "",
    metrics: dict[str, float] | None = None,
    **given: Any,
) -> Iterator[Write]:
    """One run with its launch, its issue, its numbers and three samples of its memory."""
    issue_id = issue or f"i-{run_id}"
    yield sample(LaunchRecord, id=f"l-{run_id}", kind=launch, scenario=scenario, started_at=_at(at_s))
    yield sample(IssueRecord, id=issue_id, identifier=issue_id.upper(), scenario=scenario)
    agent = "opencode 0.2.7" if "opencode" in key else "pi 0.60.0"
    stamp = {**_PROVENANCE, "agent": agent, "adapter_package": key.split("/", 1)[0], "adapter_version": "1.0.0"}
    fields: dict[str, Any] = {"status": "succeeded", "upstream_status": "succeeded", "observed_status": "succeeded"}
    fields |= {"finished_at": _at(at_s + 4), "provenance_json": json.dumps(stamp), **given}
    yield sample(
        RunRecord,
        id=run_id,
        launch_id=f"l-{run_id}",
        lane_index=0,
        runtime_key=key,
        experimental=key != BASELINE,
        issue_id=issue_id,
        scenario=scenario,
        beat_index=beat,
        bridge_mode="cold",
        model_mode="scripted",
        created_at=_at(at_s),
        started_at=_at(at_s),
        **fields,
    )
    numbers = metrics or {}
    for name, value in numbers.items():
        yield MetricRecord(run_id=run_id, name=name, value=value, unit="ms" if name.endswith("_ms") else "bytes")
    for index in range(3):
        size = round(numbers.get("peak_pss_bytes", 0.0) * (index + 1) / 3)
        if size:
            yield ProcessSampleRecord(
                run_id=run_id,
                at_ms=index * 250.0,
                process_count=2,
                rss_bytes=size * 2,
                cpu_seconds=0.1 * index,
                pss_bytes=size,
            )


def remembering() -> Iterator[Write]:
    """Two beats of `remember` in each runtime: native, recap, and one that cannot be restored."""
    told = ((BASELINE, "native"), (CANDIDATE, "recap"), (OPENCODE, "failed"))
    for number, (key, word) in enumerate(told):
        issue, first, second = f"remember-{number}", f"r{number}-beat-1", f"r{number}-beat-2"
        quality = {
            "upstream_recall": 1.0,
            "upstream_duplicates": 4.0 if key == BASELINE else 0.0,
            "lost_characters": 0.0,
        }
        at_s = 6000 + number * 100
        yield from run(first, key, at_s=at_s, scenario="remember", issue=issue, metrics=quality)
        failed = {"status": "failed", "observed_status": "failed", "error_code": "session_restore_failed"}
        failed |= {"error_message": HOSTILE, "outcome_reason": "Paperclip saw exit code 0"}
        yield from run(
            second,
            key,
            at_s=at_s + 50,
            scenario="remember",
            beat=2,
            issue=issue,
            metrics={} if word == "failed" else quality,
            **(failed if word == "failed" else {}),
        )
        yield verdict(second, first, word)


def verdict(run_id: str, previous: str, word: str) -> ResumeVerdictRecord:
    """With one canary of each kind."""
    standing = {"native": "message", "recap": "quoted"}.get(word, "absent")
    canaries = [
        {
            "text": text,
            "beat": 1,
            "planted_in": planted,
            "is_canary": True,
            "standing": standing,
            "message_index": None,
            "role": None,
        }
        for text, planted in (("marmalade-7141", "prompt"), ("lighthouse-2906", "tool_result"))
    ]
    return sample(
        ResumeVerdictRecord,
        run_id=run_id,
        verdict=word,
        reason=f"2 of 2 canaries: {standing}",
        previous_run_id=previous,
        message_count=6 if word == "native" else 2,
        previous_message_count=4,
        common_prefix_messages=4 if word == "native" else 1,
        added_bytes=700,
        added_tokens=150,
        canaries_json=json.dumps(canaries),
        compaction=None,
        role_sequence_sha256=None,
    )


def chain() -> Iterator[Write]:
    """Two beats in the host's lane with the agent's own store deleted between them."""
    yield sample(
        ChainRecord,
        id="c1",
        number=1,
        scenario="remember",
        runtime_keys_json=json.dumps([BASELINE]),
        bridge_mode="cold",
        plan="beat, delete-store, beat",
    )
    yield from run("c1-beat-1", BASELINE, at_s=7000, scenario="remember", issue="chain-1")
    yield from run("c1-beat-2", BASELINE, at_s=7100, scenario="remember", beat=2, issue="chain-1")
    yield verdict("c1-beat-2", "c1-beat-1", "fresh")
    steps = (("beat", "c1-beat-1"), ("delete-store", None), ("beat", "c1-beat-2"))
    for step_no, (action, run_id) in enumerate(steps, start=1):
        yield sample(
            ChainStepRecord,
            chain_id="c1",
            step_no=step_no,
            lane_index=0,
            action=action,
            state="done",
            statement="deleted 2 files of pi's session store" if action != "beat" else "beat",
            run_id=run_id,
            issue_id="chain-1",
            before_json=None,
            after_json=None,
        )


def measurements() -> Iterator[Write]:
    """A published claim, complexity of two runtimes, and the overhead of the console."""
    claim = {
        "value": 4.8,
        "text": "Cold start p50 4.8 ms",
        "source": "the vendor's page",
        "url": "https://example.org/p",
    }
    detail = json.dumps({"claims": [claim]})
    yield measured("agent-os", "vm_create_and_spawn_ms", 16.4, "ms", samples=[14.2, 16.4, 19.6], detail=detail)
    for subject, packages in ((BASELINE, 9), (CANDIDATE, 61)):
        yield measured(subject, "runtime_packages", packages, "packages")
        yield measured(subject, "runtime_installed_bytes", packages * 3.5e6, "bytes")
    yield measured(CANDIDATE, "install_s", 41.0, "s")
    yield measured("console", "sampling_share", 0.004, "share")


def measured(
    subject: str, name: str, value: float, unit: str, *, samples: list[float] | None = None, detail: str | None = None
) -> MeasurementRecord:
    """One measurement."""
    return MeasurementRecord(
        id=f"{subject}.{name}",
        subject=subject,
        name=name,
        value=value,
        unit=unit,
        sample_count=len(samples) if samples else 1,
        samples_json=json.dumps(samples) if samples else None,
        statement="Counted from what is installed.",
        detail_json=detail,
        provenance_json="{}",
        measured_at=_at(8000),
    )


def _at(seconds: int) -> str:
    return f"2026-01-31T{9 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000Z"


GOLDEN = Path(__file__).with_name("report_golden.md")


async def golden_text(folder: Path) -> str:
    """The filled database as Markdown, without what is worded elsewhere: criteria, definitions, the fingerprint."""
    database = folder / "filled.sqlite"
    await fill(database)
    written = await write_report(database, folder, FixedClock(), _unnoted, formats=("md",))
    text = written.files[0].read_text("utf-8").replace(written.fingerprint, "FINGERPRINT")
    for begin, end in (('<a id="criteria">', '<a id="caveats">'), ('<a id="metrics">', '<a id="versions">')):
        before, _, rest = text.partition(begin)
        text = f"{before}(left out)\n\n{end}{rest.partition(end)[2]}"
    return text


async def _unnoted(_record: MeasurementRecord) -> None:
    """A note that is not kept."""


if __name__ == "__main__":  # after a change that is meant: python -m tests.unit.report_samples
    with tempfile.TemporaryDirectory() as name:
        GOLDEN.write_text(asyncio.run(golden_text(Path(name))), "utf-8")
