/* SPDX-License-Identifier: Apache-2.0 */
/* plots.js: throughput and resources on the time axis of the lanes, and the same as a table. Steps,
 * since nothing is known between two samples; the band spans the lowest and highest sample. */
"use strict";

/* Marks of an axis of bytes. */
const BYTE_STEPS = Array.from({length: 50}, (_, at) => Math.pow(2, at));

const PLOTS = [
    {
        title: "Documents per second",
        format: rate,
        lines: [
            ["read", "read", "--s"],
            ["written", "written, as sent", "--m"],
        ],
    },
    {
        title: "CPU",
        format: percent,
        lines: [
            ["cpu", "this program, % of one CPU", "--m"],
            ["machine_cpu", "the machine, % of its CPUs", "--dim"],
        ],
    },
    {
        title: "Memory (RSS)",
        format: bytes,
        incrs: BYTE_STEPS,
        lines: [["memory", "resident", "--p"]],
    },
    {
        title: "Disk, by this program",
        format: (value) => bytes(value) + "/s",
        incrs: BYTE_STEPS,
        lines: [
            ["disk_read", "read", "--s"],
            ["disk_written", "written", "--m"],
        ],
    },
    {
        title: "Run queue of the machine",
        format: percent,
        lines: [["run_queue", "time in which a task waited for a CPU", "--r-line"]],
    },
];

function binWidth() {
    return wholeSpan() / page.data.plots.bins;
}

/* "written, as sent: 0/s to 9,120/s, highest at 3.05 s". */
function sentence(format, line) {
    const [key, name] = line,
        values = page.data.plots[key];
    const highs = values.high || values.mean,
        lows = values.low || values.mean;
    const known = highs.map((value, at) => [value, at]).filter(([value]) => value !== null);
    if (known.length === 0) {
        return name + ": not sampled";
    }
    const [most, at] = known.reduce((a, b) => (b[0] > a[0] ? b : a));
    const least = Math.min(...lows.filter((value) => value !== null));
    const words = (value) => (value > 0 ? format(value) : "0");
    return (
        name +
        ": " +
        words(least) +
        " to " +
        words(most) +
        (most > least ? ", highest at " + moment(at * binWidth(), wholeSpan() / 10) : "")
    );
}

/* The last value stands until the end of its bin. */
function closed(values) {
    return [...values, values[values.length - 1]];
}

function bandSeries(paths) {
    return {stroke: () => "transparent", width: 0, paths, points: {show: false}};
}

function dataOf(plot) {
    const bins = page.data.plots.bins;
    const times = Array.from({length: bins + 1}, (_, bin) => bin * binWidth());
    const paths = uPlot.paths.stepped({align: 1});
    const series = [{}],
        columns = [times],
        bands = [];
    plot.lines.forEach(([key, name, ink], at) => {
        const values = page.data.plots[key];
        series.push({
            label: name,
            stroke: () => colour(ink),
            width: 1.5,
            paths,
            points: {show: false},
            dash: at > 0 ? [6, 3] : undefined,
        });
        columns.push(closed(values.mean));
        if (values.high) {
            bands.push({
                series: [series.length, series.length + 1],
                fill: () => colour(ink) + "40",
            });
            series.push(bandSeries(paths), bandSeries(paths));
            columns.push(closed(values.high), closed(values.low));
        }
    });
    return {series, columns, bands};
}

function lineKey([, name, ink], at) {
    return el("span", {class: "line-key" + ink + (at > 0 ? " dashed" : "")}, name);
}

function drawPlot(into, plot, last) {
    const words = plot.lines.map((line) => sentence(plot.format, line)).join("; ");
    const box = el("div", {class: "chart", role: "img", "aria-label": plot.title + ": " + words});
    put(into, figure(plot.title, plot.lines.map(lineKey), words, box));
    const {series, columns, bands} = dataOf(plot);
    const format = (value) => (value > 0 ? plot.format(value) : "0");
    const axes = [timeAxis(!last), valueAxis(format, {space: 26, incrs: plot.incrs})];
    const options = chartOptions({
        more: {
            height: last ? 134 : 112,
            series,
            bands,
            axes,
            padding: [8, RIGHT_ROOM, last ? 0 : 8, 0],
        },
        scales: {y: {range: (chart, min, max) => [0, max > 0 ? max * 1.08 : 1]}},
    });
    addChart(box, options, columns);
}

function plotTable() {
    const plots = page.data.plots;
    const rows = Array.from({length: plots.bins}, (_, bin) => bin);
    const column = (head, key, format) => ({
        head,
        number: true,
        value: (bin) => plots[key].mean[bin],
        text: (bin) =>
            plots[key].mean[bin] === null
                ? "–"
                : plots[key].mean[bin] > 0
                  ? format(plots[key].mean[bin])
                  : "0",
    });
    return table({
        name: "Plots as a table",
        rows,
        columns: [
            {
                head: "From",
                number: true,
                value: (bin) => bin,
                text: (bin) => moment(bin * binWidth(), wholeSpan() / 10),
            },
            column("Read", "read", rate),
            column("Written", "written", rate),
            column("CPU", "cpu", percent),
            column("Machine's CPUs", "machine_cpu", percent),
            column("Memory", "memory", bytes),
            column("Disk read", "disk_read", (value) => bytes(value) + "/s"),
            column("Disk written", "disk_written", (value) => bytes(value) + "/s"),
            column("Run queue", "run_queue", percent),
        ],
    });
}

function drawPlots(charts) {
    const into = place("timeline");
    if (charts) {
        PLOTS.forEach((plot, at) => drawPlot(into, plot, at === PLOTS.length - 1));
        put(
            into,
            note(
                "Documents of a call are spread evenly over its duration. A line is the mean of " +
                    duration(binWidth()) +
                    ", the band around it the lowest and highest sample.",
            ),
        );
    }
    const details = el("details", {}, el("summary", {}, "The plots as a table"));
    details.open = !charts;
    const fill = () => details.open && details.childElementCount === 1 && put(details, plotTable());
    details.addEventListener("toggle", fill);
    put(into, details);
    fill();
}
