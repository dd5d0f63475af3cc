/* SPDX-License-Identifier: Apache-2.0 */
/* verdicts.js: the verdicts, in the order of the summary, and the checks that found nothing. */
"use strict";

/* The interval of the evidence, in ns of the run; null: the whole run. */
function evidenceOf(verdict) {
    const evidence = verdict.evidence,
        start = page.data.timeline.start_time;
    return evidence.start === undefined
        ? null
        : [(evidence.start - start) * 1e9, (evidence.end - start) * 1e9];
}

function showButton(verdict) {
    const interval = evidenceOf(verdict);
    return interval && page.data.charts
        ? button("Show it on the timeline", () => {
              showInterval(interval[0], interval[1]);
          })
        : null;
}

function verdict(item, number) {
    const cannotTell = item.confidence === "cannot tell";
    return el(
        "article",
        {class: "verdict" + (item.about_data ? " data" : "")},
        el("h3", {}, number + " " + safe(item.sentence)),
        el(
            "p",
            {class: "confidence"},
            cannotTell ? "cannot tell" : "confidence: " + item.confidence,
        ),
        item.numbers.length > 0 && el("p", {}, item.numbers.map(safe).join(" ")),
        item.action &&
            el(
                "p",
                {},
                el("strong", {class: "do"}, "Do: "),
                safe(item.action).replaceAll(" -> ", " → "),
            ),
        showButton(item),
    );
}

function drawVerdicts() {
    const found = page.data.insights,
        checks = page.data.checks;
    const into = place("verdicts");
    found.forEach((item, at) => put(into, verdict(item, at + 1)));
    if (found.length === 0) {
        put(into, note("Nothing was found that is worth 5 % of the run."));
    }
    if (page.data.insights_left_out > 0) {
        put(
            into,
            note(plural(page.data.insights_left_out, "more verdict") + " with smaller gains."),
        );
    }
    put(
        into,
        el(
            "details",
            {},
            el(
                "summary",
                {},
                plural(checks.length, "other check") + " found nothing worth 5 % of the run",
            ),
            el("p", {}, checks.map(safe).join("; ") + "."),
        ),
    );
}
