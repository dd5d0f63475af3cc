/* SPDX-License-Identifier: Apache-2.0 */
/* parts.js: the partition of the threads' time, as bars and as a table that is their key. */
"use strict";

const PARTS = {
    server_and_network: ["S", "server and network"],
    application_computing: ["M", "application computing"],
    driver: ["D", "driver on the CPU"],
    connection: ["C", "connecting"],
    outside: ["O", "outside the pipeline"],
    application_waiting: ["w", "application waiting (queue, lock, sleep, join)"],
    waiting_for_server: ["e", "waiting for a server (selection, election, retry pause)"],
    ready_without_cpu: ["r", "ready without a CPU"],
    waiting_for_pool: ["p", "waiting for a pooled client"],
    awaiting_events: ["a", "awaiting events"],
};

/* {part: seconds} to a list, longest first, with shares. */
function partsOf(seconds) {
    const all = Object.values(seconds).reduce((sum, one) => sum + one, 0);
    return Object.entries(seconds)
        .filter(([, one]) => one > 0)
        .sort((a, b) => b[1] - a[1])
        .map(([part, one]) => ({part, seconds: one, percent: (100 * one) / all}));
}

function segment(item) {
    const [letter, name] = PARTS[item.part] || ["?", item.part];
    const text = letter + " " + Math.round(item.percent) + " %";
    const element = el(
        "span",
        {class: "part part-" + letter, title: name + " " + percent(item.percent)},
        item.percent >= 8 && el("b", {}, text),
    );
    element.style.flexGrow = String(item.percent);
    return element;
}

/* Solid before hatched: what works for the thread stands on the left. */
function bar(title, parts) {
    const works = (item) => "SMDCO".includes((PARTS[item.part] || ["?"])[0]);
    const ordered = [...parts.filter(works), ...parts.filter((item) => !works(item))];
    const words = parts.map(
        (item) => (PARTS[item.part] || ["", item.part])[1] + " " + percent(item.percent),
    );
    return el(
        "div",
        {class: "group"},
        el("h3", {}, title),
        el(
            "div",
            {class: "bar", role: "img", "aria-label": title + ": " + words.join(", ")},
            ordered.map(segment),
        ),
    );
}

function partKey(parts) {
    const columns = [
        {
            head: "Part",
            text: (row) => row.part,
            class: "name",
            cell: (row) => {
                const [letter, name] = PARTS[row.part] || ["?", row.part];
                return el(
                    "span",
                    {},
                    el("i", {class: "swatch part-" + letter}),
                    el("b", {}, letter),
                    " ",
                    name,
                );
            },
        },
        numberColumn("Time", "seconds", duration),
        numberColumn("Share", "percent", percent),
    ];
    return table({name: "Parts of the time of all threads", columns, rows: parts});
}

function drawParts() {
    const into = place("time"),
        partition = page.data.partition;
    if (partition.parts.length === 0) {
        put(into, note("No thread called the driver."));
        return;
    }
    put(
        into,
        note(
            "Time of all threads, " +
                duration(partition.seconds) +
                "; the parts add up. Solid: " +
                "something works for the thread. Hatched: it waits.",
        ),
    );
    if (page.data.threads.length > 1) {
        page.data.threads.forEach((group) =>
            put(into, bar(safe(group.who) + ", " + duration(group.seconds), partsOf(group.parts))),
        );
    }
    put(
        into,
        bar(
            "all " + plural(partition.threads, "thread") + ", " + duration(partition.seconds),
            partition.parts,
        ),
        partKey(partition.parts),
    );
    page.data.cannot_tell.forEach((item) =>
        put(
            into,
            note(
                "Cannot tell for " + plural(item.threads, "thread") + ": " + safe(item.what) + ".",
            ),
        ),
    );
}
