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

function drawTiles() {
    const run = page.data.run,
        documents = run.documents,
        process = page.data.process;
    const writes = documents.written > 0;
    const tiles = [
        tile(
            count(writes ? documents.written : documents.read),
            writes ? "documents written, acknowledged" : "documents read",
        ),
        tile(rate(documents.per_second), "documents, over the whole run"),
        writes ? lostText(documents) : null,
        process.peak_bytes === null ? null : tile(bytes(process.peak_bytes), "peak memory"),
        process.cpu_seconds === null
            ? null
            : tile(
                  duration(process.cpu_seconds),
                  "CPU time of the program" +
                      (run.seconds > 0
                          ? ", " +
                            percent((100 * process.cpu_seconds) / run.seconds) +
                            " of one CPU"
                          : ""),
              ),
    ];
    put(document.getElementById("tiles"), ...tiles);
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
