/* SPDX-License-Identifier: Apache-2.0 */
/* marks.js: colours and textures of the canvas, from the style sheet's variables, so that both
 * themes and print are written once. */
"use strict";

const marks = {cache: {}};

function colour(name) {
    if (!marks.cache[name]) {
        marks.cache[name] = getComputedStyle(document.documentElement)
            .getPropertyValue(name)
            .trim();
    }
    return marks.cache[name];
}

function forgetColours() {
    marks.cache = {};
}

/* Whether a hatched area has ink at that pixel. */
function hasInk(texture, x, y) {
    if (texture === null) {
        return true;
    }
    return texture === 90 ? x % 5 < 2 : (x + y) % 6 < 2;
}

/* What a kind is filled with: its colour, or its texture as a pattern. */
function fillOf(context, kind) {
    const {colour: name, texture} = KINDS[kind];
    if (texture === null) {
        return colour(name);
    }
    const key = "pattern" + kind;
    if (!marks.cache[key]) {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 30;
        const inside = tile.getContext("2d");
        inside.fillStyle = colour(name);
        for (let x = 0; x < 30; x++) {
            for (let y = 0; y < 30; y++) {
                if (hasInk(texture, x, y)) {
                    inside.fillRect(x, y, 1, 1);
                }
            }
        }
        marks.cache[key] = context.createPattern(tile, "repeat");
    }
    return marks.cache[key];
}

/* "#345BB4" as the bytes of a pixel. */
function pixelOf(kind) {
    const hex = colour(KINDS[kind].colour);
    const part = (at) => parseInt(hex.slice(at, at + 2), 16);
    return ((255 << 24) | (part(5) << 16) | (part(3) << 8) | part(1)) >>> 0;
}

function legend(kinds) {
    return el(
        "ul",
        {class: "legend"},
        kinds.map((kind) =>
            el("li", {}, el("i", {class: "swatch kind-" + kind}), KINDS[kind].text),
        ),
    );
}
