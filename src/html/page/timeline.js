/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.js: the lanes as a chart with zoom, pointer and keyboard, and the window of time that
 * all charts of the page share. Times of a chart are seconds since the run's start. */
"use strict";

const LEFT_ROOM = 130,
    RIGHT_ROOM = 48;

/* The charts on the common axis, and whether a change of the window is going round. */
const axis = {charts: [], busy: false};

function wholeSpan() {
    return page.data.timeline.span / 1e9;
}

/* Shows that window, in seconds, in all charts. */
function setWindow(from, to) {
    const whole = wholeSpan(),
        least = Math.min(whole, 1e-6);
    const width = Math.min(whole, Math.max(least, to - from));
    const start = Math.min(Math.max(0, from), whole - width);
    axis.busy = true;
    axis.charts.forEach((chart) => chart.setScale("x", {min: start, max: start + width}));
    axis.busy = false;
    tellWindow(start, start + width);
}

function tellWindow(from, to) {
    const whole = to - from >= wholeSpan() * 0.999999;
    document.getElementById("window").textContent = whole
        ? "The whole run."
        : "From " + moment(from, (to - from) / 100) + " to " + moment(to, (to - from) / 100) + ".";
}

function windowNow() {
    const scale = axis.charts[0].scales.x;
    return [scale.min, scale.max];
}

function zoom(factor, middle) {
    const [from, to] = windowNow();
    const around = middle === undefined ? (from + to) / 2 : middle;
    setWindow(around - (around - from) * factor, around + (to - around) * factor);
}

function pan(share) {
    const [from, to] = windowNow();
    setWindow(from + share * (to - from), to + share * (to - from));
}

/* ns; with 60 % of its length around it. */
function showInterval(start, end) {
    const room = Math.max(0.3 * (end - start), 1000);
    setWindow((start - room) / 1e9, (end + room) / 1e9);
    document.getElementById("timeline").scrollIntoView();
}

function showCall(event) {
    choose(laneOf(event), event);
    showInterval(event.start, event.end);
    document.getElementById("lanes").focus({preventScroll: true});
}

/* ---- what all charts on the axis have ---- */

function timeAxis(hidden) {
    return {
        stroke: () => colour("--dim"),
        grid: {stroke: () => colour("--line"), width: 1},
        ticks: {stroke: () => colour("--line"), width: 1},
        font: "12px system-ui, sans-serif",
        space: 70,
        size: hidden ? 0 : 30,
        show: !hidden,
        values: (chart, splits) =>
            splits.map((at) => moment(at, chart.scales.x.max - chart.scales.x.min)),
    };
}

function valueAxis(format, more) {
    return {
        size: LEFT_ROOM,
        stroke: () => colour("--dim"),
        grid: {stroke: () => colour("--line"), width: 1},
        ticks: {show: false},
        font: "12px system-ui, sans-serif",
        values: (chart, splits) => splits.map(format),
        ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
    };
}

function chartOptions(options) {
    return {
        padding: [8, RIGHT_ROOM, 0, 0],
        legend: {show: false},
        scales: {x: {time: false, range: (chart, min, max) => [min, max]}, ...options.scales},
        cursor: {
            sync: {key: "phasetap", setSeries: false},
            drag: {x: true, y: false},
            points: {size: 5},
            bind: {
                dblclick: () => () => {
                    setWindow(0, wholeSpan());
                    return null;
                },
            },
        },
        hooks: {
            setScale: [
                (chart, key) => {
                    if (key === "x" && !axis.busy && axis.charts.includes(chart)) {
                        setWindow(chart.scales.x.min, chart.scales.x.max);
                    }
                },
            ],
            ...options.hooks,
        },
        ...options.more,
    };
}

/* Charts are as wide as their box, also after the window was resized. */
function addChart(box, options, data) {
    const chart = new uPlot({width: box.clientWidth, ...options}, data, box);
    chart.box = box;
    chart.over.addEventListener(
        "wheel",
        (event) => {
            if (event.ctrlKey) {
                event.preventDefault();
                zoom(event.deltaY < 0 ? 0.7 : 1 / 0.7, chart.posToVal(event.offsetX, "x"));
            }
        },
        {passive: false},
    );
    axis.charts.push(chart);
    return chart;
}

/* ---- the read-out ---- */

/* What happened, in a few words. */
function eventName(event) {
    if (event.kind === KIND.annotation || event.kind === KIND.error) {
        return KINDS[event.kind].text + " " + safe(event.name);
    }
    if (event.kind === KIND.waiting) {
        return event.name ? safe(event.name) : "application";
    }
    return safe(callName(event));
}

/* The figures that it has. */
function eventFigures(event) {
    const onCpu = event.kind === KIND.waiting && event.cpu >= 0;
    return [
        onCpu && duration(event.cpu / 1e9) + " on the CPU",
        event.commands > 1 && count(event.commands) + " commands",
        event.network > 0 && duration(event.network / 1e9) + " server and network",
        event.documents > 0 && plural(event.documents, "document"),
        event.bytes > 0 && bytes(event.bytes),
        event.namespace && safe(event.namespace),
        event.server && safe(event.server),
        event.code !== 0 && "code " + event.code,
        event.failed && "failed",
    ].filter(Boolean);
}

function describeEvent(lane, event) {
    const start = moment(event.start / 1e9, Math.max(event.duration / 1e9, 1e-6));
    const head = [lane.name, start, eventName(event), duration(event.duration / 1e9)];
    return [...head, ...eventFigures(event)].join(", ");
}

function describeBucket(lane, ns) {
    const whole = page.data.timeline.span,
        found = sharesBetween(lane, ns, ns);
    const parts = found.shares
        .map((share, kind) => [share, KINDS[kind].text])
        .filter(([share]) => share >= 0.005)
        .sort((a, b) => b[0] - a[0])
        .map(([share, text]) => text + " " + percent(100 * share));
    return (
        lane.name +
        ", " +
        moment(found.from / 1e9, whole / 1e11) +
        " to " +
        moment(found.to / 1e9, whole / 1e11) +
        ": " +
        plural(found.calls, "call") +
        ", not single; " +
        (parts.join(", ") || "nothing")
    );
}

/* The event at a moment: the innermost annotated phase only above the calls. */
function eventAt(lane, ns, y, slack) {
    const inside = (event) => ns >= event.start - slack && ns <= event.end + slack;
    const error = lane.errors.find(
        (event) => Math.abs(event.start - ns) <= 2 * slack && passes(event),
    );
    const row = Math.floor((y - lane.top) / NESTED_HEIGHT);
    if (row < lane.depth) {
        return lane.annotations.find((phase) => phase.depth === row && inside(phase)) || null;
    }
    const events = lane.events.filter(inside);
    return (
        error ||
        events.find((event) => event.kind === KIND.connecting) ||
        events.sort((a, b) => a.duration - b.duration)[0] ||
        null
    );
}

function readOut(text) {
    document.getElementById("readout").textContent = text;
}

function choose(lane, event) {
    page.lane = lane;
    page.event = event;
    readOut(event ? describeEvent(lane, event) : lane.name);
    if (page.lanesChart) {
        page.lanesChart.redraw(false);
    }
}

/* ---- pointer and keyboard ---- */

function point(chart, mouse) {
    const lane = laneAt(mouse.offsetY),
        ns = chart.posToVal(mouse.offsetX, "x") * 1e9;
    const slack = (((chart.scales.x.max - chart.scales.x.min) * 1e9) / chart.over.clientWidth) * 2;
    if (lane === null) {
        return;
    }
    const event = "thread" in lane ? eventAt(lane, ns, mouse.offsetY, slack) : null;
    if (event !== null) {
        choose(lane, event);
    } else if (lane.shares !== null) {
        page.event = null;
        readOut(describeBucket(lane, ns));
    }
}

function step(by) {
    const lane = page.lane || page.lanes[0];
    const events = lane.events.filter(passes);
    if (events.length === 0) {
        choose(lane, null);
        return;
    }
    const [from, to] = windowNow().map((seconds) => seconds * 1e9);
    const first = events.findIndex((event) => event.end >= from);
    const now = events.indexOf(page.event);
    const at = now < 0 ? Math.max(0, first) : Math.min(events.length - 1, Math.max(0, now + by));
    const event = events[at];
    choose(lane, event);
    if (event.start < from || event.end > to) {
        const half = (to - from) / 2,
            middle = (event.start + event.end) / 2;
        setWindow((middle - half) / 1e9, (middle + half) / 1e9);
    }
}

function changeLane(by) {
    const now = page.lanes.indexOf(page.lane);
    const lane = page.lanes[Math.min(page.lanes.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
    const near = page.event
        ? lane.events.find((event) => event.end >= page.event.start)
        : lane.events[0];
    choose(lane, near || null);
}

const KEYS = {
    ArrowLeft: (event) => (event.shiftKey ? pan(-0.2) : step(-1)),
    ArrowRight: (event) => (event.shiftKey ? pan(0.2) : step(1)),
    ArrowUp: () => changeLane(-1),
    ArrowDown: () => changeLane(1),
    "+": () => zoom(0.5),
    "-": () => zoom(2),
    0: () => setWindow(0, wholeSpan()),
    Enter: () => page.event && showInterval(page.event.start, page.event.end),
};

function press(event) {
    if (KEYS[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        KEYS[event.key](event);
    }
}

/* ---- the section ---- */

/* What the page cannot show one by one stands below the lanes. */
function scaleNote() {
    const timeline = page.data.timeline,
        texts = [];
    if (!timeline.single) {
        texts.push(
            plural(timeline.events, "event") +
                " in buckets of " +
                duration(wholeSpan() / timeline.buckets) +
                "; one by one: the " +
                count(timeline.calls.start.length) +
                " longest calls",
        );
        [
            ["connections", "connection"],
            ["annotations", "annotated phase"],
            ["errors", "error"],
        ].forEach(([key, word]) => {
            const list = timeline[key];
            if (list.all > 0) {
                texts.push(count(list.start.length) + " of " + plural(list.all, word));
            }
        });
    }
    const text = texts.length > 0 ? texts.join(", ") + ". " : "Every event is shown. ";
    return (
        text +
        (timeline.only_in_totals > 0
            ? plural(timeline.only_in_totals, "event") +
              " of the log are in its totals alone: in the tables, not here. "
            : "") +
        "Calls are drawn whole; the partition above divides them further."
    );
}

function buttons() {
    return el(
        "div",
        {class: "buttons"},
        button("Zoom in", () => zoom(0.5)),
        button("Zoom out", () => zoom(2)),
        button("Whole run", () => setWindow(0, wholeSpan())),
        el("span", {id: "window", class: "note"}, "The whole run."),
    );
}

function lanesBox() {
    const keys =
        "Left and right: events; up and down: threads; plus, minus, zero: zoom; Enter: zoom to " +
        "the event.";
    return el("div", {
        id: "lanes",
        class: "chart",
        tabindex: "0",
        role: "application",
        "aria-label": "Timeline of " + plural(page.lanes.length, "thread") + ". " + keys,
        "aria-describedby": "readout",
        on: {keydown: press},
    });
}

function lanesChart(box) {
    const none = {show: false};
    const names = {...valueAxis(() => "", {}), grid: none};
    const options = chartOptions({
        more: {height: layOut() + 40, axes: [timeAxis(false), names], series: [{}, none]},
        scales: {y: {range: [0, 1]}},
        hooks: {draw: [drawLanes]},
    });
    const chart = addChart(box, options, [
        [0, wholeSpan()],
        [null, null],
    ]);
    chart.over.addEventListener("mousemove", (event) => point(chart, event));
    chart.over.addEventListener("click", (event) => point(chart, event));
    page.listeners.push(() => chart.redraw(false));
    return chart;
}

const HOW =
    "Drag to zoom, double click for the whole run, Ctrl and the wheel to zoom at the pointer. " +
    "By keyboard: arrows, +, -, 0, Enter.";

const NO_CHARTS =
    "Charts are absent: this phasetap was built without the library that draws them " +
    "(tools/charts fetches it). The tables below have every figure.";

function drawTimeline() {
    const into = place("timeline");
    if (!page.data.charts) {
        put(into, note(NO_CHARTS));
        return false;
    }
    const box = lanesBox();
    const words = el("p", {id: "readout", "aria-live": "polite"}, "Point at an event.");
    put(into, buttons(), el("p", {class: "note screen"}, HOW), box, words);
    put(into, legend([0, 1, 2, 3, 4, 5, 6, 7, 8]), note(scaleNote()));
    page.lanesChart = lanesChart(box);
    return true;
}
