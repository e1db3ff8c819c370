"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
const fields = [...document.querySelectorAll("input[type=range]")];
const picked = document.querySelector("select"), rows = [...document.querySelectorAll("tbody tr")];
let moved = 0;
const isShare = n => /^(probability|share)/.test(data.responses[n][1]);
const say = (value, share) => value === null ? "–" : share ? `${(100 * value).toFixed(Math.abs(value) < .0995 ? 1 : 0)} %`.replace("-", "−")
  : value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 9.95 ? 1 : 0 }).replace("-", "−");
const levels = () => fields.map(field => Number(field.value));
const signed = (value, share) => (value > 0 ? "+" : "") + say(value, share);
function picture() {
  const which = picked.selectedIndex, share = isShare(which);
  const lever = data.levers[moved], here = levels();
  const points = lever.levels.map((_, n) => data.points[here.map((old, k) => k === moved ? n : old)][which]);
  const top = Math.max(...points.flatMap(p => p.slice(0, 3)), 0) || 1;
  const low = Math.min(...points.flatMap(p => p.slice(0, 3)), 0);
  const y = value => 150 - 130 * (value - low) / (top - low || 1), svg = document.querySelector("figure svg");
  svg.textContent = "";
  const draw = (name, attributes, text) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) one.setAttribute(key, attributes[key]);
    if (text !== undefined) one.textContent = text;
    svg.append(one);
  };
  draw("line", { x1: 0, x2: "100%", y1: y(0), y2: y(0), stroke: "#cccccc" });
  points.forEach((p, n) => {
    const x = `${100 * (n + .5) / points.length}%`, colour = n === here[moved] ? "#0b5aa8" : "#777777";
    if (p[0] === null) return;
    if (p[1] !== null) draw("line", { x1: x, x2: x, y1: y(p[1]), y2: y(p[2]), stroke: colour, "stroke-width": 6, opacity: .35 });
    draw("circle", { cx: x, cy: y(p[0]), r: 5, fill: colour, stroke: n === data.base[moved] ? "#111111" : "none", "stroke-width": 3 });
    draw("text", { x, y: y(p[0]) - 9, "text-anchor": "middle", class: "value" }, say(p[0], share));
    draw("text", { x, y: 175, "text-anchor": "middle", class: "tick" }, lever.levels[n]);
  });
  at("along").textContent = `${data.responses[which][0]}, by ${lever.label}, all else as chosen; ringed: as in the base, blue: chosen`;
}
function show() {
  const here = levels(), found = data.points[here];
  fields.forEach((field, n) => {
    const lever = data.levers[n], words = `${lever.levels[here[n]]} ${lever.unit}`.trim();
    field.setAttribute("aria-valuetext", words);
    field.closest("p").querySelector("output").textContent = words;
  });
  found.forEach(([mean, low, high, change, least, most, clear], n) => {
    const share = isShare(n), cells = rows[n].cells;
    cells[1].textContent = say(mean, share);
    cells[2].textContent = low === null ? "–" : `${say(low, share)} – ${say(high, share)}`;
    const same = String(here) === String(data.base), equal = change === 0 && least === 0 && most === 0;
    cells[3].textContent = same ? "" : equal ? "0" : `${signed(change, share)} (${signed(least, share)} – ${signed(most, share)})`;
    cells[4].textContent = same ? "" : equal ? "equal" : clear ? "clear" : "undecided";
  });
  const base = at("where").dataset.base, same = String(here) === String(data.base);
  at("where").textContent = same ? `This is ${base}.` : `Compared with ${base}, on the same luck.`;
  const sets = data.levers.map((lever, n) => here[n] === data.base[n] && base === "the base" ? "" : ` --set ${lever.sets[here[n]]}`);
  at("command").textContent = data.run + sets.join("");
  picture();
}
function keep() { history.replaceState(null, "", "#" + levels().join(",")); show(); }
function take(values) {
  if (values.length === fields.length && data.points[values]) fields.forEach((field, n) => { field.value = values[n]; });
  show();
}
fields.forEach((field, n) => field.addEventListener("input", () => { moved = n; keep(); }));
picked.addEventListener("change", picture);
at("back").addEventListener("click", () => { take(data.base); keep(); });
addEventListener("hashchange", () => take(location.hash.slice(1).split(",")));
take(location.hash.slice(1).split(","));
