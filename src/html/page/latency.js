/* SPDX-License-Identifier: Apache-2.0 */
/* latency.js: a histogram for each phase, all on one logarithmic axis of time. x counts bins. */
"use strict";

function binTime(bin) {
    return Math.pow(10, bin / page.data.latency.bins_per_decade) / 1e9;
}

function decades(first, last) {
    const per = page.data.latency.bins_per_decade,
        marks = [];
    for (let bin = Math.ceil(first / per) * per; bin <= last; bin += per) {
        marks.push(bin);
    }
    return marks;
}

/* p50 and p95 as upright lines. */
function percentileHook(phase) {
    const per = page.data.latency.bins_per_decade;
    return (chart) => {
        [
            ["p50_seconds", []],
            ["p95_seconds", [4, 3]],
        ].forEach(([key, dash]) => {
            if (phase[key] > 0) {
                const x = chart.valToPos(Math.log10(phase[key] * 1e9) * per, "x", true);
                chart.ctx.save();
                chart.ctx.strokeStyle = colour("--text");
                chart.ctx.lineWidth = 1.5 * window.devicePixelRatio;
                chart.ctx.setLineDash(dash.map((length) => length * window.devicePixelRatio));
                chart.ctx.beginPath();
                chart.ctx.moveTo(x, chart.bbox.top);
                chart.ctx.lineTo(x, chart.bbox.top + chart.bbox.height);
                chart.ctx.stroke();
                chart.ctx.restore();
            }
        });
    };
}

function figuresOf(phase) {
    const few = phase.p50_seconds === null;
    return (
        plural(phase.calls, "call") +
        (few ? "" : ", p50 " + duration(phase.p50_seconds)) +
        (phase.p95_seconds === null ? "" : ", p95 " + duration(phase.p95_seconds)) +
        ", " +
        duration(phase.min_seconds) +
        " to " +
        duration(phase.max_seconds)
    );
}

const LINES_NOTE = "Solid line: p50; dashed: p95.";

const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

function decadeAxis(range, last) {
    return {
        ...timeAxis(!last),
        splits: () => decades(range[0], range[1]),
        values: (chart, splits) => splits.map((bin) => duration(binTime(bin))),
    };
}

function latencyOptions(box, phase, range, last) {
    const bars = uPlot.paths.bars({size: [0.9, 60], align: 1});
    const ink = () => colour("--s");
    return {
        width: box.clientWidth,
        height: last ? 96 : 72,
        padding: [6, RIGHT_ROOM, last ? 0 : 8, 0],
        legend: {show: false},
        cursor: {show: false},
        hooks: {draw: [percentileHook(phase)]},
        scales: {
            x: {time: false, range},
            y: {range: (chart, min, max) => [0, Math.max(1, max) * 1.05]},
        },
        axes: [decadeAxis(range, last), valueAxis(count, {space: 24, incrs: COUNT_STEPS})],
        series: [{}, {stroke: ink, fill: ink, width: 0, paths: bars, points: {show: false}}],
    };
}

function drawHistogram(into, item, range, last) {
    const phase = page.data.phases.find((row) => row.phase === item.phase);
    if (!phase) {
        return;
    }
    const words = figuresOf(phase);
    const label = "Latency of " + safe(item.phase) + ": " + words;
    const box = el("div", {class: "chart", role: "img", "aria-label": label});
    put(into, figure(safe(item.phase), [], words, box));
    const bins = Array.from({length: range[1] - range[0]}, (_, at) => range[0] + at);
    const counts = bins.map((bin) => item.counts[bin - item.first] || null);
    const chart = new uPlot(latencyOptions(box, phase, range, last), [bins, counts], box);
    chart.box = box;
    page.histograms.push(chart);
}

/* A log can have thousands of annotated phases. */
const HISTOGRAMS_HIGHEST = 40;

/* Those with the most time, in the order of the run. */
function shownPhases() {
    const time = Object.fromEntries(page.data.phases.map((row) => [row.phase, row.seconds]));
    const phases = page.data.latency.phases.filter((item) => item.phase in time);
    const longest = [...phases].sort((a, b) => time[b.phase] - time[a.phase]);
    const shown = new Set(longest.slice(0, HISTOGRAMS_HIGHEST));
    return phases.filter((item) => shown.has(item));
}

function drawLatency() {
    const into = place("latency");
    const phases = shownPhases();
    const left = page.data.latency.phases.length - phases.length;
    page.histograms = [];
    if (phases.length === 0) {
        put(into, note("No call was recorded one by one."));
        return;
    }
    if (!page.data.charts) {
        put(into, note("Charts are absent from this build; the table of phases has percentiles."));
        return;
    }
    const bins = page.data.latency.bins_per_decade + " bins for each power of ten.";
    put(into, note("Calls by their duration, on a logarithmic axis: " + bins, " ", LINES_NOTE));
    put(into, left > 0 && note(plural(left, "phase") + " with less time have no histogram here."));
    const first = Math.min(...phases.map((item) => item.first));
    const last = Math.max(...phases.map((item) => item.first + item.counts.length));
    phases.forEach((item, at) => {
        drawHistogram(into, item, [first - 1, last + 1], at === phases.length - 1);
    });
}
