/* SPDX-License-Identifier: Apache-2.0 */
/* main.js: draws the page, and keeps theme, size and address. */
"use strict";

function allCharts() {
    return [...axis.charts, ...(page.histograms || [])];
}

function redrawAll() {
    forgetColours();
    allCharts().forEach((chart) => chart.redraw(false));
}

/* Of the area that can be printed on A4. */
const PRINT_WIDTH = 700;

function resizeAll() {
    allCharts().forEach((chart) => {
        const width = page.printing ? PRINT_WIDTH : chart.box.clientWidth;
        chart.setSize({width, height: chart.height});
    });
}

/* Print is light, and as wide as its paper. */
function setPrinting(printing, dark) {
    page.printing = printing;
    setTheme(dark && !printing);
    resizeAll();
}

/* ---- theme: as the system says, until the reader chooses ---- */

function setTheme(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.getElementById("theme").textContent = dark ? "Light" : "Dark";
    redrawAll();
}

function startTheme() {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    let dark = system.matches;
    setTheme(dark);
    system.addEventListener("change", (event) => {
        dark = event.matches;
        setTheme(dark);
    });
    document.getElementById("theme").addEventListener("click", () => {
        dark = !dark;
        setTheme(dark);
    });
    window.addEventListener("beforeprint", () => setPrinting(true, dark));
    window.addEventListener("afterprint", () => setPrinting(false, dark));
}

/* ---- the filter stands in the address, so that a view can be sent ---- */

function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const filter = {};
    Object.keys(page.filter).forEach((key) => {
        filter[key] = given.get(key) || "";
    });
    if (location.hash.includes("=")) {
        setFilter(filter);
    }
}

function writeAddress() {
    const chosen = Object.entries(page.filter).filter(([, value]) => value !== "");
    if (chosen.length > 0 || location.hash.includes("=")) {
        history.replaceState(null, "", "#" + new URLSearchParams(chosen));
    }
}

function start() {
    page.data.charts = page.data.charts && typeof uPlot === "function";
    decode();
    drawHead();
    drawTiles();
    drawVerdicts();
    drawParts();
    drawFilter();
    drawPhases();
    drawCollections();
    drawCalls();
    drawThreads();
    drawServers();
    drawErrors();
    drawFoot();
    startTheme();
    drawPlots(drawTimeline());
    drawLatency();
    page.listeners.push(writeAddress);
    readAddress();
    window.addEventListener("hashchange", readAddress);
    new ResizeObserver(resizeAll).observe(document.getElementById("main"));
    document.documentElement.dataset.ready = "yes";
}

start();
