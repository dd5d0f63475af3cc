/* SPDX-License-Identifier: Apache-2.0 */
/* figures.js: the tables: phases, collections, calls, threads, servers, errors. */
"use strict";

function shareCell(row) {
    const full = el("i", {class: "share"});
    full.style.width = Math.max(1, row.percent * 0.8) + "px";
    return el("span", {}, full, " ", percent(row.percent));
}

function drawPhases() {
    const into = place("phases");
    const columns = [
        textColumn("Phase", "phase"),
        numberColumn("Calls", "calls", count),
        numberColumn("Documents", "documents", countOrDash),
        numberColumn("Time", "seconds", duration),
        {...numberColumn("Share", "percent", percent), cell: shareCell},
        numberColumn("p50", "p50_seconds", duration),
        numberColumn("p95", "p95_seconds", duration),
        numberColumn("Longest", "max_seconds", duration),
        {
            head: "Documents/s",
            number: true,
            value: (row) => row.documents / row.seconds,
            text: (row) => rate(row.documents / row.seconds),
        },
        numberColumn("Size", "bytes", (number) => (number > 0 ? bytes(number) : "–"), true),
        numberColumn("Failed", "failed", count),
    ];
    put(
        into,
        note(
            "Time of all threads together, and its share of their time. p50 from 5 calls on, " +
                "p95 from 20 calls on.",
        ),
    );
    [
        ["recognised", "Phases"],
        ["annotated", "Annotated phases, which may lie in one another"],
    ].forEach(([source, name]) => {
        const rows = page.data.phases.filter((row) => row.source === source);
        if (rows.length > 0) {
            put(
                into,
                source === "annotated" && el("h3", {}, name),
                table({name, columns, rows, sort: "Time"}),
            );
        }
    });
}

function drawCollections() {
    const columns = [
        textColumn("Collection", "namespace"),
        textColumn("Phase", "phase"),
        numberColumn("Calls", "calls", count),
        numberColumn("Documents", "documents", countOrDash),
        {
            head: "Bytes per document",
            number: true,
            optional: true,
            text: (row) =>
                row.documents > 0 && row.bytes > 0 ? bytes(row.bytes / row.documents) : "–",
            value: (row) => (row.documents > 0 ? row.bytes / row.documents : null),
        },
        numberColumn("Time", "seconds", duration),
        numberColumn("p50", "p50_seconds", duration),
        numberColumn("Longest", "max_seconds", duration),
        numberColumn("Not done", "not_done", count),
        numberColumn("Failed", "failed", count),
    ];
    put(
        place("collections"),
        note(
            "By collection and phase. " +
                (page.data.collections_left_out > 0
                    ? plural(page.data.collections_left_out, "row") +
                      " with less time are left out."
                    : ""),
        ),
        table({
            name: "Collections",
            columns,
            rows: page.data.collections,
            sort: "Time",
            keep: (row) => !page.filter.namespace || row.namespace === page.filter.namespace,
        }),
    );
}

/* Its time leads to the timeline. */
function startCell(event) {
    const text = moment(event.start / 1e9, page.data.timeline.span / 1e9 / 100);
    return page.data.charts
        ? button(text, () => showCall(event), {
              "aria-label": "Show the call at " + text + " on the timeline",
          })
        : text;
}

function drawCalls() {
    const timeline = page.data.timeline,
        whole = timeline.single;
    const columns = [
        {
            head: "At",
            number: true,
            text: (row) => row.start,
            value: (row) => row.start,
            cell: startCell,
        },
        {head: "Call", text: (row) => safe(callName(row)), class: "name"},
        {
            head: "Collection",
            text: (row) => safe(row.namespace),
            value: (row) => row.namespace || "",
            class: "name",
        },
        {
            head: "Took",
            number: true,
            text: (row) => duration(row.duration / 1e9),
            value: (row) => row.duration,
        },
        numberColumn("Documents", "documents", countOrDash),
        numberColumn("Size", "bytes", (number) => (number > 0 ? bytes(number) : "–")),
        {head: "Thread", text: (row) => safe(threadName(row))},
        {
            head: "Server",
            text: (row) => safe(row.server),
            value: (row) => row.server || "",
            class: "name",
        },
        {head: "Failed", text: (row) => (row.failed ? "failed" : "–"), optional: true},
    ];
    put(
        place("calls"),
        note(
            whole
                ? "Every call of the run. Choose a time to see the call on the timeline."
                : "The " +
                      count(page.calls.length) +
                      " longest of " +
                      count(timeline.calls.all) +
                      " calls.",
        ),
        table({
            name: "Calls",
            columns,
            rows: page.calls,
            keep: passes,
            sort: "Took",
            none: "No call was recorded.",
        }),
    );
}

function drawThreads() {
    const columns = [
        {head: "Thread", text: (row) => safe(row.name), class: "name"},
        {head: "Work", text: (row) => (row.role === undefined ? "–" : row.role)},
        numberColumn("Time", "seconds", duration),
        numberColumn("Busy", "busy_percent", percent),
        numberColumn("Documents read", "documents_read", countOrDash),
        numberColumn("Documents written", "documents_written", countOrDash),
    ];
    put(
        place("threads"),
        note("Busy: not waiting for other threads, a pooled client or events."),
        table({
            name: "Threads",
            columns,
            rows: page.lanes,
            none: "No thread called the driver.",
            keep: (row) => !page.filter.thread || row.name === page.filter.thread,
        }),
    );
}

function drawServers() {
    const columns = [
        textColumn("Server", "address"),
        numberColumn("Commands", "commands", count),
        numberColumn("Time", "seconds", duration),
        numberColumn("Fastest", "fastest_seconds", duration),
        numberColumn("Slowest", "max_seconds", duration),
        numberColumn("Failed", "failed", count),
    ];
    put(
        place("servers"),
        table({
            name: "Servers",
            columns,
            rows: page.data.servers,
            sort: "Time",
            none: "No server answered.",
            keep: (row) => !page.filter.server || row.address === page.filter.server,
        }),
    );
}

function drawErrors() {
    const into = place("errors");
    const columns = [
        numberColumn("Count", "count", count),
        textColumn("Of", "where"),
        numberColumn("Code", "code", (code) => String(code)),
        textColumn("Name", "name"),
        textColumn("Collection", "namespace"),
        textColumn("Command", "command"),
    ];
    put(
        into,
        table({
            name: "Errors by code",
            columns,
            rows: page.data.errors,
            sort: "Count",
            none: "No error was seen.",
            keep: (row) => !page.filter.namespace || row.namespace === page.filter.namespace,
        }),
    );
    put(
        into,
        el("h3", {}, "Retries by the driver"),
        table({
            name: "Retries",
            rows: page.data.retries,
            columns: [
                numberColumn("Count", "count", count),
                numberColumn("Succeeded", "succeeded", count),
                numberColumn("After code", "code", (code) => String(code)),
                textColumn("Name", "name"),
            ],
            none: "None.",
        }),
    );
}

/* ---- the filter ---- */

function choice(key, label, values) {
    const select = el(
        "select",
        {
            id: "filter-" + key,
            on: {
                change: (event) => {
                    setFilter({[key]: event.target.value});
                },
            },
        },
        el("option", {value: ""}, "all"),
    );
    values.forEach((value) => put(select, el("option", {value}, safe(value))));
    select.value = page.filter[key];
    page.listeners.push(() => {
        select.value = page.filter[key];
    });
    return el("label", {for: "filter-" + key}, label, " ", select);
}

function drawFilter() {
    const distinct = (values) => [...new Set(values.filter(Boolean))].sort();
    const fields = el(
        "div",
        {class: "fields"},
        choice(
            "namespace",
            "Collection",
            distinct([
                ...page.data.collections.map((row) => row.namespace),
                ...page.calls.map((call) => call.namespace),
            ]),
        ),
        choice(
            "thread",
            "Thread",
            page.lanes.filter((lane) => "thread" in lane).map((lane) => lane.name),
        ),
        choice("server", "Server", distinct(page.data.servers.map((row) => row.address))),
        button("Show everything", () => setFilter({namespace: "", thread: "", server: ""})),
    );
    put(
        place("filter"),
        fields,
        note("Narrows the lanes and the tables; plots and sums are of the " + "whole run."),
    );
}
