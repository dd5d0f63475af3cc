/* SPDX-License-Identifier: Apache-2.0 */
/* head.js: what ran, how it ended, whether the log is whole, and the figures in short. */
"use strict";

function startTime() {
    const date = new Date(page.data.timeline.start_time * 1000);
    return date.toISOString().replace("T", " ").slice(0, 19) + " UTC";
}

function drawHead() {
    const run = page.data.run;
    const program = safe(run.program || "unknown program");
    document.title = program + ", " + duration(run.seconds) + " – phasetap";
    const title = document.getElementById("title");
    title.replaceChildren();
    put(
        title,
        program,
        " ",
        el("span", {class: "quiet"}, duration(run.seconds) + (run.ended ? ", " + run.ended : "")),
    );
    const servers = page.data.servers;
    const items = [
        startTime(),
        run.host ? "host " + safe(run.host) : null,
        run.processes > 1
            ? count(run.processes) + " processes"
            : run.pid
              ? "process " + run.pid
              : null,
        plural(page.data.partition.threads, "thread"),
        run.driver ? "libmongoc " + safe(run.driver) : null,
        servers.length === 1 && servers[0].address
            ? "server " + safe(servers[0].address)
            : servers.length > 1
              ? plural(servers.length, "server")
              : null,
    ];
    const head = document.getElementById("head");
    put(head, el("p", {}, items.filter(Boolean).join("; ")));
    drawLog(head);
}

/* Whether the log is whole stands before all figures. */
function drawLog(head) {
    const log = page.data.log;
    const whole = log.state === "complete";
    const cost =
        page.data.run.seconds > 0
            ? " (" + ((100 * log.profiler_cost_seconds) / page.data.run.seconds).toFixed(2) + " %)"
            : "";
    put(
        head,
        el(
            "p",
            {class: whole ? "good" : "warn"},
            (whole ? "✓ " : "! ") +
                "log " +
                safe(log.state) +
                ": " +
                plural(log.events, "event") +
                ", " +
                bytes(log.bytes) +
                "; profiler cost " +
                duration(log.profiler_cost_seconds) +
                cost,
        ),
    );
    page.data.alarms.forEach((text) => put(head, el("p", {class: "alarm"}, "! " + safe(text))));
}

function tile(figure, text) {
    return el("div", {class: "tile"}, el("strong", {}, figure), el("span", {}, text));
}

function lostText(documents) {
    const lost = documents.operations_refused + documents.operations_not_attempted;
    const open = documents.operations_unknown + documents.operations_unacknowledged;
    if (lost > 0) {
        return tile(count(lost), "write operations not done");
    }
    return open > 0
        ? tile(count(open), "write operations of unknown outcome")
        : tile("none", "write operations refused");
}

/* It wrote, or tried to. */
function hasWritten(documents) {
    const lost = ["refused", "not_attempted", "unknown", "unacknowledged"];
    return documents.written > 0 || lost.some((what) => documents["operations_" + what] > 0);
}

function documentTiles(documents) {
    const writes = hasWritten(documents);
    const pace = documents.per_second > 0 && rate(documents.per_second);
    return [
        writes
            ? tile(count(documents.written), "documents written, acknowledged")
            : tile(count(documents.read), "documents read"),
        pace && tile(pace, "documents, over the whole run"),
        writes && lostText(documents),
    ];
}

function drawTiles() {
    const run = page.data.run;
    const {peak_bytes: peak, cpu_seconds: cpu} = page.data.process;
    const share = run.seconds > 0 ? ", " + percent((100 * cpu) / run.seconds) + " of one CPU" : "";
    put(
        document.getElementById("tiles"),
        documentTiles(run.documents),
        peak !== null && tile(bytes(peak), "peak memory"),
        cpu !== null && tile(duration(cpu), "CPU time of the program" + share),
    );
}

function drawFoot() {
    const run = page.data.run;
    const foot = document.getElementById("foot");
    page.data.notes.forEach((text) => put(foot, el("p", {}, safe(text))));
    put(
        foot,
        el(
            "p",
            {},
            "phasetap " +
                page.data.version +
                "; log " +
                safe(run.log) +
                "; pid " +
                run.pid +
                ". This page asks no host for anything.",
        ),
    );
    put(
        foot,
        el(
            "p",
            {},
            page.data.charts
                ? "Charts: uPlot 1.6.32, MIT License, © 2022 Leon Sorokin (text: in the source)."
                : "This phasetap was built without its library for charts.",
        ),
    );
}
