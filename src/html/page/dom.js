/* SPDX-License-Identifier: Apache-2.0 */
/* dom.js: elements. Texts go in as text nodes alone: a name from a log is never markup. */
"use strict";

/* el("p", {class: "note", title: "x"}, "text", child): attributes; `on`: {event: handler}. */
function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
        if (name === "on") {
            Object.entries(value).forEach(([event, handler]) =>
                element.addEventListener(event, handler),
            );
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    return put(element, ...children);
}

function put(element, ...children) {
    for (const child of children.flat()) {
        if (child !== null && child !== undefined && child !== false) {
            element.append(typeof child === "object" ? child : String(child));
        }
    }
    return element;
}

/* The place for the contents of a section. */
function place(name) {
    return document.querySelector("#" + name + " > div");
}

function button(text, handler, attributes) {
    return el("button", {type: "button", on: {click: handler}, ...attributes}, text);
}

function note(...texts) {
    return el("p", {class: "note"}, ...texts);
}

/* A chart with its name, its key, and a sentence that says what it shows. */
function figure(title, keys, words, chart) {
    const sentence = el("span", {class: "note"}, words);
    return el("figure", {}, el("figcaption", {}, el("b", {}, title), " ", keys, sentence), chart);
}

/* What a log calls something; characters that are invisible, or turn the line around, are shown by
 * their codes. */
const HIDDEN =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function safe(text) {
    return text === null || text === undefined
        ? "–"
        : String(text).replace(
              HIDDEN,
              (found) => "\\u" + found.charCodeAt(0).toString(16).padStart(4, "0"),
          );
}
