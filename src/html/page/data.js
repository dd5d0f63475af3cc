/* SPDX-License-Identifier: Apache-2.0 */
/* data.js: the one piece of JSON in the page, and what the parts of the page share. Times of the
 * timeline are nanoseconds since the run's start. */
"use strict";

const KIND = {
    reading: 0,
    writing: 1,
    index: 2,
    other: 3,
    connecting: 4,
    serverWait: 5,
    poolWait: 6,
    computing: 7,
    waiting: 8,
    annotation: 9,
    error: 10,
};

/* In the order of KIND: what the key and the read-out call it, its colour, its texture. */
const KINDS = [
    {text: "reading", colour: "--s", texture: null},
    {text: "writing", colour: "--s-writing", texture: null},
    {text: "building an index", colour: "--s-index", texture: null},
    {text: "other call", colour: "--o", texture: null},
    {text: "connecting", colour: "--c", texture: null},
    {text: "waiting for a server", colour: "--e", texture: 45},
    {text: "waiting for a pooled client", colour: "--p", texture: 90},
    {text: "computing", colour: "--m", texture: null},
    {text: "waiting, or without a CPU", colour: "--w", texture: 45},
    {text: "annotated phase", colour: "--dim", texture: null},
    {text: "error", colour: "--bad", texture: null},
];

const page = {
    data: JSON.parse(document.getElementById("data").textContent),
    filter: {namespace: "", thread: "", server: ""},
    listeners: [] /* of the filter */,
};

/* One object for each event of the columns. */
function eventsOf(columns) {
    const names = Object.keys(columns).filter((name) => Array.isArray(columns[name]));
    const words = page.data.timeline.words;
    const word = (number) => (number < 0 ? null : words[number]);
    return columns.start.map((_, at) => {
        const event = {};
        names.forEach((name) => {
            event[name] = columns[name][at];
        });
        event.end = event.start + event.duration;
        ["name", "command", "namespace", "server"].forEach((name) => {
            event[name] = word(event[name]);
        });
        event.namespace = event.namespace || null;
        return event;
    });
}

/* "main", "reading 2": threads are numbered within what they do. */
function nameLanes(lanes) {
    const numbers = {};
    const several = new Set(lanes.filter((lane) => lane.pid).map((lane) => lane.pid)).size > 1;
    lanes.forEach((lane, at) => {
        lane.at = at;
        if (!("thread" in lane)) {
            lane.name = plural(lane.threads, "more thread");
            return;
        }
        const role = lane.role === "other" ? "thread" : lane.role;
        const key = lane.pid + role;
        numbers[key] = (numbers[key] || 0) + 1;
        lane.name =
            (lane.main ? "main" : role + " " + numbers[key]) + (several ? " of " + lane.pid : "");
    });
}

function bytesOf(base64) {
    const text = atob(base64);
    const found = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
        found[i] = text.charCodeAt(i);
    }
    return found;
}

function decode() {
    const timeline = page.data.timeline;
    page.lanes = timeline.lanes;
    nameLanes(page.lanes);
    page.lanes.forEach((lane) => {
        lane.shares = lane.shares ? bytesOf(lane.shares) : null;
        lane.counts = lane.calls ? new Uint32Array(bytesOf(lane.calls).buffer) : null;
        lane.events = [];
        lane.annotations = [];
        lane.errors = [];
    });
    page.calls = eventsOf(timeline.calls).filter((event) => event.kind !== KIND.waiting);
    const all = [...eventsOf(timeline.calls), ...eventsOf(timeline.connections)];
    all.forEach((event) => {
        laneOf(event).events.push(event);
    });
    eventsOf(timeline.annotations).forEach((event) => {
        laneOf(event).annotations.push(event);
    });
    page.errorEvents = eventsOf(timeline.errors);
    page.errorEvents.forEach((event) => {
        laneOf(event).errors.push(event);
    });
    page.lanes.forEach((lane) => {
        lane.events.sort((a, b) => a.start - b.start || b.end - a.end);
    });
}

/* Events of threads that the run does not know have no lane. */
function laneOf(event) {
    return page.lanes[event.lane] || {name: "–", events: [], annotations: [], errors: []};
}

/* The thread of an event by the name of its lane; in the lane of many, by its number. */
function threadName(event) {
    const lane = page.lanes[event.lane];
    return lane && "thread" in lane ? lane.name : "thread " + event.thread;
}

/* What a call sent, or the phase it is an entry of. */
function callName(event) {
    return event.command || event.name || KINDS[event.kind].text;
}

/* ---- the filter ---- */

function passes(event) {
    const filter = page.filter;
    return (
        (!filter.namespace || event.namespace === filter.namespace) &&
        (!filter.server || event.server === filter.server) &&
        (!filter.thread || threadName(event) === filter.thread)
    );
}

function isFiltered() {
    return page.filter.namespace !== "" || page.filter.server !== "" || page.filter.thread !== "";
}

function setFilter(filter) {
    Object.assign(page.filter, filter);
    page.listeners.forEach((listener) => listener());
}
