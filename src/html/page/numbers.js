/* SPDX-License-Identifier: Apache-2.0 */
/* numbers.js: numbers as people read them: three digits, a unit on each. As src/text/human.h, with
 * "µs" for "us". Durations are seconds; null is "not known". */
"use strict";

function threeDigits(value) {
    return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function inUnits(value, units) {
    for (const [size, name, below] of units) {
        const text = threeDigits(value / size);
        if (Number(text) < below) {
            return text + " " + name;
        }
    }
    return null;
}

const TIME_UNITS = [
    [1e-9, "ns", 1000],
    [1e-6, "µs", 1000],
    [1e-3, "ms", 1000],
    [1, "s", 60],
];

function longDuration(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const whole = Math.round(seconds);
    if (whole < 3600) {
        return Math.floor(whole / 60) + "m " + two(whole % 60) + "s";
    }
    const minutes = Math.round(seconds / 60);
    if (minutes < 1440) {
        return Math.floor(minutes / 60) + "h " + two(minutes % 60) + "m";
    }
    const hours = Math.round(seconds / 3600);
    return Math.floor(hours / 24) + "d " + two(hours % 24) + "h";
}

function duration(seconds) {
    if (seconds === null || seconds === undefined) {
        return "–";
    }
    if (seconds <= 0) {
        return "0";
    }
    return inUnits(seconds, TIME_UNITS) || longDuration(seconds);
}

function bytes(number) {
    if (number === null || number === undefined || number < 0) {
        return "–";
    }
    const units = [
        [1024, "KiB", 1000],
        [1024 ** 2, "MiB", 1000],
        [1024 ** 3, "GiB", 1000],
        [1024 ** 4, "TiB", Infinity],
    ];
    return number < 1000 ? Math.round(number) + " B" : inUnits(number, units);
}

function count(number) {
    return number === null || number === undefined
        ? "–"
        : String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/* 0 is "does not apply" in a column of documents. */
function countOrDash(number) {
    return number > 0 ? count(number) : "–";
}

function percent(number) {
    return number === null || number === undefined ? "–" : number.toFixed(1) + " %";
}

function rate(number) {
    return number > 0 ? (number < 99.95 ? threeDigits(number) : count(number)) + "/s" : "–";
}

function plural(number, word) {
    return count(number) + " " + word + (number === 1 ? "" : "s");
}

/* A moment of the run; `width` is that of the window, which says how many digits matter. */
function moment(seconds, width) {
    const digits = Math.min(9, Math.max(0, Math.ceil(2 - Math.log10(Math.max(width, 1e-9)))));
    if (width < 120 && seconds < 600) {
        return seconds.toFixed(Math.min(digits, 6)) + " s";
    }
    return seconds < 60 ? seconds.toFixed(0) + " s" : longDuration(seconds);
}
