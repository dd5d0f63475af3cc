/* SPDX-License-Identifier: Apache-2.0 */
/* lanes.js: draws the lanes of the timeline into the canvas of a uPlot, in device pixels. A lane
 * has rows for its annotated phases, and below them one for its calls. */
"use strict";

const LANE_HEIGHT = 20,
    NESTED_HEIGHT = 15,
    NESTED_HIGHEST = 4,
    LANE_GAP = 4;

/* How deep each annotated phase lies in others of its lane. */
function nest(lane) {
    const open = [];
    lane.depth = 0;
    lane.annotations.forEach((phase) => {
        while (open.length > 0 && open[open.length - 1].end <= phase.start) {
            open.pop();
        }
        phase.depth = Math.min(open.length, NESTED_HIGHEST - 1);
        open.push(phase);
        lane.depth = Math.max(lane.depth, phase.depth + 1);
    });
}

/* Tops and heights in CSS pixels. Returns the height of all. */
function layOut() {
    let top = 0;
    page.lanes.forEach((lane) => {
        nest(lane);
        lane.top = top;
        lane.height = lane.depth * NESTED_HEIGHT + LANE_HEIGHT;
        top += lane.height + LANE_GAP;
    });
    return Math.max(top, 40);
}

function laneAt(y) {
    return (
        page.lanes.find((lane) => y >= lane.top && y < lane.top + lane.height + LANE_GAP) || null
    );
}

/* What drawing needs: the canvas, the scale of x, the area. */
function brush(plot) {
    const ratio = window.devicePixelRatio,
        {left, top, width, height} = plot.bbox;
    return {
        context: plot.ctx,
        ratio,
        left,
        top,
        width,
        height,
        from: plot.scales.x.min * 1e9,
        to: plot.scales.x.max * 1e9,
        x(ns) {
            return this.left + ((ns - this.from) / (this.to - this.from)) * this.width;
        },
        y(css) {
            return this.top + css * this.ratio;
        },
    };
}

/* Left edge and width of an interval, at least a pixel; null: outside of the window. */
function span(draw, start, end) {
    if (end < draw.from || start > draw.to) {
        return null;
    }
    const left = Math.max(draw.left, draw.x(start));
    const right = Math.min(draw.left + draw.width, draw.x(end));
    return {left, width: Math.max(1, right - left)};
}

function fitText(draw, text, at, top, height) {
    const size = Math.round(11 * draw.ratio);
    draw.context.font = size + "px system-ui, sans-serif";
    if (draw.context.measureText(text).width + 6 * draw.ratio <= at.width) {
        draw.context.textBaseline = "middle";
        draw.context.textAlign = "left";
        draw.context.fillText(text, at.left + 3 * draw.ratio, top + height / 2);
    }
}

function drawAnnotation(draw, lane, phase) {
    const at = span(draw, phase.start, phase.end);
    if (at === null) {
        return;
    }
    const top = draw.y(lane.top + phase.depth * NESTED_HEIGHT);
    const height = (NESTED_HEIGHT - 1) * draw.ratio;
    draw.context.fillStyle = colour("--panel");
    draw.context.fillRect(at.left, top, at.width, height);
    draw.context.strokeStyle = colour("--dim");
    draw.context.lineWidth = draw.ratio;
    draw.context.strokeRect(at.left + 0.5, top + 0.5, Math.max(0, at.width - 1), height - 1);
    draw.context.fillStyle = colour("--text");
    fitText(draw, safe(phase.name), at, top, height);
}

/* Waiting is a thin strip, computing as high as its share of the gap. */
function drawGap(draw, lane, event, at, top, height) {
    const thin = 6 * draw.ratio;
    draw.context.fillStyle = fillOf(draw.context, KIND.waiting);
    draw.context.fillRect(at.left, top + (height - thin) / 2, at.width, thin);
    if (event.cpu > 0 && draw.x(event.end) - draw.x(event.start) >= 1) {
        const share = Math.min(1, event.cpu / event.duration) * height;
        draw.context.fillStyle = fillOf(draw.context, KIND.computing);
        draw.context.fillRect(at.left, top + height - share, at.width, share);
    }
}

function drawEvent(draw, lane, event) {
    const at = span(draw, event.start, event.end);
    if (at === null) {
        return;
    }
    const top = draw.y(lane.top + lane.depth * NESTED_HEIGHT),
        height = LANE_HEIGHT * draw.ratio;
    if (event.kind === KIND.waiting) {
        drawGap(draw, lane, event, at, top, height);
        return;
    }
    draw.context.globalAlpha = passes(event) ? 1 : 0.15;
    draw.context.fillStyle = fillOf(draw.context, event.kind);
    draw.context.fillRect(at.left, top, at.width, height);
    if (at.width > 4 * draw.ratio) {
        draw.context.fillStyle = colour("--page");
        draw.context.fillRect(at.left + at.width - draw.ratio, top, draw.ratio, height);
        draw.context.fillStyle = colour(KINDS[event.kind].colour + "-ink");
        const documents = event.documents > 0 ? " " + count(event.documents) : "";
        fitText(draw, callName(event) + documents, at, top, height);
    }
    draw.context.globalAlpha = 1;
}

/* A cross above the lane. */
function drawError(draw, lane, event) {
    const at = span(draw, event.start, event.start);
    if (at === null) {
        return;
    }
    const top = draw.y(lane.top + lane.depth * NESTED_HEIGHT),
        size = 4 * draw.ratio;
    draw.context.strokeStyle = colour("--bad");
    draw.context.lineWidth = 2 * draw.ratio;
    draw.context.beginPath();
    [-1, 1].forEach((side) => {
        draw.context.moveTo(at.left - size, top + (side < 0 ? 0 : 2 * size));
        draw.context.lineTo(at.left + size, top + (side < 0 ? 2 * size : 0));
    });
    draw.context.stroke();
}

/* ---- buckets ---- */

/* Mean shares of the buckets between two moments, of each part. */
function sharesBetween(lane, from, to) {
    const {buckets, parts, span: whole} = page.data.timeline;
    const first = Math.max(0, Math.floor((from / whole) * buckets));
    const last = Math.min(buckets - 1, Math.max(first, Math.ceil((to / whole) * buckets) - 1));
    const shares = new Array(parts).fill(0);
    let calls = 0;
    for (let bucket = first; bucket <= last; bucket++) {
        calls += lane.counts[bucket];
        for (let part = 0; part < parts; part++) {
            shares[part] += lane.shares[bucket * parts + part] / 255 / (last - first + 1);
        }
    }
    return {shares, calls, from: (first / buckets) * whole, to: ((last + 1) / buckets) * whole};
}

/* From the bottom: what works, then what waits. */
const STACK = [0, 1, 2, 3, 4, 7, 5, 6, 8];

function drawColumn(pixels, width, height, x, shares) {
    let bottom = height;
    STACK.forEach((kind) => {
        const high = Math.round(shares[kind] * height),
            ink = pixels.inks[kind];
        const texture = KINDS[kind].texture;
        for (let y = bottom - 1; y >= Math.max(0, bottom - high); y--) {
            if (hasInk(texture, x, y)) {
                pixels.words[y * width + x] = ink;
            }
        }
        bottom -= high;
    });
}

/* One image for each lane: a rectangle for each share would take seconds. */
function drawBuckets(draw, lane) {
    const width = Math.max(1, Math.round(draw.width)),
        height = Math.round(LANE_HEIGHT * draw.ratio);
    const image = new ImageData(width, height);
    const pixels = {
        words: new Uint32Array(image.data.buffer),
        inks: KINDS.map((_, kind) => (kind < page.data.timeline.parts ? pixelOf(kind) : 0)),
    };
    const step = (draw.to - draw.from) / width;
    for (let x = 0; x < width; x++) {
        const from = draw.from + x * step;
        drawColumn(pixels, width, height, x, sharesBetween(lane, from, from + step).shares);
    }
    draw.context.putImageData(
        image,
        Math.round(draw.left),
        Math.round(draw.y(lane.top + lane.depth * NESTED_HEIGHT)),
    );
}

/* ---- all of it ---- */

function drawNames(draw, lane) {
    const middle = draw.y(lane.top + lane.depth * NESTED_HEIGHT + LANE_HEIGHT / 2);
    draw.context.font = Math.round(12 * draw.ratio) + "px system-ui, sans-serif";
    draw.context.textBaseline = "middle";
    draw.context.fillStyle = colour(lane === page.lane ? "--link" : "--text");
    draw.context.textAlign = "right";
    const room = draw.left - 10 * draw.ratio;
    draw.context.fillText(
        middleCut(draw.context, lane.name, room),
        draw.left - 6 * draw.ratio,
        middle,
    );
    if (lane.busy_percent !== undefined && lane.busy_percent !== null) {
        draw.context.textAlign = "left";
        draw.context.fillStyle = colour("--dim");
        draw.context.fillText(
            Math.round(lane.busy_percent) + " %",
            draw.left + draw.width + 6 * draw.ratio,
            middle,
        );
    }
}

/* A long name is cut in its middle, where names differ least. */
function middleCut(context, text, room) {
    let cut = text;
    for (let keep = text.length - 1; keep > 4 && context.measureText(cut).width > room; keep--) {
        cut =
            text.slice(0, Math.ceil(keep / 2)) +
            "…" +
            text.slice(text.length - Math.floor(keep / 2));
    }
    return cut;
}

function drawLane(draw, lane) {
    const least = page.data.timeline.single ? 0 : 3 * draw.ratio;
    const wide = (event) => draw.x(event.end) - draw.x(event.start) >= least;
    if (lane.shares !== null) {
        drawBuckets(draw, lane);
    }
    lane.annotations.forEach((phase) => drawAnnotation(draw, lane, phase));
    if ("thread" in lane) {
        const events = lane.events.filter(wide);
        const waits = (event) => event.kind === KIND.waiting;
        events.filter(waits).forEach((event) => drawEvent(draw, lane, event));
        events.filter((event) => !waits(event)).forEach((event) => drawEvent(draw, lane, event));
    }
    lane.errors.filter(passes).forEach((event) => drawError(draw, lane, event));
}

function drawSelected(draw) {
    const event = page.event,
        lane = page.lane;
    const at = event && lane ? span(draw, event.start, event.end) : null;
    if (at === null) {
        return;
    }
    draw.context.strokeStyle = colour("--text");
    draw.context.lineWidth = 2 * draw.ratio;
    draw.context.strokeRect(at.left - 1, draw.y(lane.top), at.width + 2, lane.height * draw.ratio);
}

function drawLanes(plot) {
    const draw = brush(plot);
    plot.ctx.save();
    page.lanes.forEach((lane) => drawNames(draw, lane));
    plot.ctx.beginPath();
    plot.ctx.rect(draw.left, draw.top - 4 * draw.ratio, draw.width, draw.height + 8 * draw.ratio);
    plot.ctx.clip();
    page.lanes.forEach((lane) => drawLane(draw, lane));
    drawSelected(draw);
    plot.ctx.restore();
}
