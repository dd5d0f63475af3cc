/* SPDX-License-Identifier: Apache-2.0 */
/* tables.js: tables whose columns sort, and whose rows the filter narrows. */
"use strict";

const ROWS_AT_FIRST = 20;

/* A column: head, text(row), and where it can be sorted by something else than its text value(row).
 * `number`: to the right, and descending first. `cell(row)`: an element instead of a text. */
function compareBy(column, down) {
    const value = column.value || column.text;
    return (a, b) => {
        const [x, y] = [value(a), value(b)];
        const order = x === y ? 0 : x === null ? -1 : y === null ? 1 : x < y ? -1 : 1;
        return down ? -order : order;
    };
}

class Table {
    /* {name, columns, rows, keep(row), total: what to call the rows, on(row), sort, down} */
    constructor(options) {
        this.options = options;
        this.columns = options.columns.filter(
            (column) => !column.optional || options.rows.some((row) => column.text(row) !== "–"),
        );
        this.sort = this.columns.find((column) => column.head === options.sort) || null;
        this.down = options.down !== false;
        this.all = false;
        this.body = el("tbody");
        this.heads = this.columns.map((column) => this.head(column));
        this.status = el("p", {class: "note", "aria-live": "polite"});
        this.element = el(
            "div",
            {class: "table"},
            el(
                "div",
                {
                    class: "scroll",
                    tabindex: "0",
                    role: "region",
                    "aria-label": options.name + " (table)",
                },
                el(
                    "table",
                    {},
                    el("caption", {class: "hidden"}, options.name),
                    el("thead", {}, el("tr", {}, this.heads)),
                    this.body,
                ),
            ),
            this.status,
        );
        page.listeners.push(() => this.fill());
        this.fill();
    }

    head(column) {
        return el(
            "th",
            {scope: "col", class: column.number ? "number" : null},
            button(column.head, () => this.sortBy(column)),
        );
    }

    sortBy(column) {
        this.down = this.sort === column ? !this.down : Boolean(column.number);
        this.sort = column;
        this.fill();
    }

    rows() {
        const rows = this.options.rows.filter(this.options.keep || (() => true));
        return this.sort ? rows.sort(compareBy(this.sort, this.down)) : rows;
    }

    fill() {
        const rows = this.rows();
        const shown = this.all ? rows : rows.slice(0, ROWS_AT_FIRST);
        this.columns.forEach((column, at) => {
            const order = this.down ? "descending" : "ascending";
            this.heads[at].setAttribute("aria-sort", column === this.sort ? order : "none");
        });
        this.body.replaceChildren(...shown.map((row) => this.row(row)));
        this.tell(rows.length, shown.length);
    }

    row(row) {
        const cells = this.columns.map((column, at) => {
            const attributes = {class: (column.number ? "number " : "") + (column.class || "")};
            const inside = column.cell ? column.cell(row) : column.text(row);
            return at === 0
                ? el("th", {scope: "row", ...attributes}, inside)
                : el("td", attributes, inside);
        });
        return el("tr", {}, cells);
    }

    tell(found, shown) {
        const all = this.options.rows.length;
        const texts = [];
        if (found < all) {
            texts.push(count(found) + " of " + plural(all, "row") + " pass the filter. ");
        }
        if (shown < found) {
            texts.push(count(shown) + " of " + count(found) + " rows shown. ");
            texts.push(
                button("Show all", () => {
                    this.all = true;
                    this.fill();
                }),
            );
        }
        this.status.replaceChildren();
        put(this.status, ...texts);
    }
}

function table(options) {
    if (options.rows.length === 0) {
        return note(options.none || "None.");
    }
    return new Table(options).element;
}

/* ---- columns that several tables have ---- */

function textColumn(head, key) {
    return {head, text: (row) => safe(row[key]), value: (row) => row[key] || "", class: "name"};
}

function numberColumn(head, key, format, optional) {
    return {
        head,
        number: true,
        optional,
        text: (row) => format(row[key]),
        value: (row) => (row[key] === undefined ? null : row[key]),
    };
}
