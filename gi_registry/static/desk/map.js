// The map of the desk, from our own vector tiles: switches, what stands at a point, and the list of what is in view.
// Signed in by the session's cookie, never by a key in an address. The page: templates/desk/map.html.

import { fetchJson, make, nameOf, ours, say, show } from "../mapping.js";

const MOST_LISTED = 50;
// Outlines are not drawn from these answers, so they may be as coarse as the service allows.
const COARSEST = "0.1";
const MOST_AT_A_POINT = 5;
const MOST_COUNTED = 10000;
const ABOUT_LAYER = "name_zh name_en name".split(" ");

class DeskMap {
  constructor(figure, { map, library }) {
    this.figure = figure;
    this.map = map;
    this.library = library;
    this.root = figure.dataset.root;
    this.list = document.querySelector("[data-inview]");
    this.told = document.querySelector("[data-told]");
    this.switches = [...document.querySelectorAll("[data-layer]")];
  }

  titleOf(id) {
    return this.switches.find((box) => box.dataset.layer === id).dataset.title;
  }

  get shown() {
    return this.switches.filter((box) => box.checked).map((box) => box.dataset.layer);
  }

  start() {
    this.called = this.map.getStyle().metadata.facts;
    this.parts = this.map.getStyle().layers.filter((part) => part.metadata?.collection);
    for (const box of this.switches) {
      // A browser keeps ticks over a reload: the map follows them.
      this.turn(box);
      box.addEventListener("change", () => {
        this.turn(box);
        this.refresh();
      });
    }
    this.refresh();
    this.map.on("moveend", () => this.refresh());
    this.map.on("click", (event) => this.answer(event));
    this.map.on("mousemove", (event) => {
      this.map.getCanvas().style.cursor = this.at(event.point).length ? "pointer" : "";
    });
    return new Promise((resolve) => this.map.once("idle", () => resolve(this.note())));
  }

  /** What has been drawn, for whoever waits for it. */
  note() {
    const drawn = this.map.queryRenderedFeatures().map((feature) => feature.source);
    this.figure.dataset.drawn = [...new Set(drawn)].sort().join(" ");
  }

  turn(box) {
    const parts = this.parts.filter((part) => part.metadata.collection === box.dataset.layer);
    for (const part of parts) this.map.setLayoutProperty(part.id, "visibility", box.checked ? "visible" : "none");
    this.map.once("idle", () => this.note());
  }

  // --- the list ---

  /** Counts and names of what is in view, by the same rows as the tiles. A newer question ends an older one. */
  async refresh() {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const shown = this.shown;
    const [[west, south], [east, north]] = this.map.getBounds().toArray();
    const box = [west, south, east, north].map((side) => side.toFixed(6)).join(",");
    const limit = Math.max(1, Math.floor(MOST_LISTED / Math.max(1, shown.length)));
    try {
      const listed = { bbox: box, limit, "max-allowable-offset": COARSEST };
      const pages = await Promise.all(shown.map((id) => (this.counted(id) ? this.sum(id, box, signal) : this.page(id, listed, signal))));
      this.write(shown, pages);
    } catch (error) {
      if (signal.aborted) return;
      console.warn("list:", error);
      this.told.textContent = say("列表暂时取不到。登录可能已过期，请刷新页面。", "The list cannot be fetched. You may have been signed out: reload the page.");
    }
  }

  page(id, asked, signal) {
    return fetchJson(`${this.root}collections/${id}/items?${new URLSearchParams(asked)}`, signal);
  }

  /** The property to add up in cells, for layers that are counts and stand on no tile. */
  counted(id) {
    return this.parts.find((part) => part.metadata.collection === id)?.metadata.counted;
  }

  /** Recent counts added up by cell: drawn, and listed like any other page. */
  async sum(id, box, signal) {
    const asked = { bbox: box, limit: MOST_COUNTED, datetime: `${this.figure.dataset.since}/..` };
    const page = await this.page(id, asked, signal);
    const cells = new Map();
    for (const { geometry, properties } of page.features) {
      if (!geometry) continue;
      const cell = cells.get(properties.cell) ?? { type: "Feature", id: properties.cell, geometry, properties: { name: properties.cell, sum: 0 } };
      cell.properties.sum += properties[this.counted(id)];
      cells.set(properties.cell, cell);
    }
    const features = [...cells.values()].sort((one, other) => other.properties.sum - one.properties.sum);
    for (const cell of features) cell.properties.name = `${cell.properties.sum} (${cell.id})`;
    this.map.getSource(id).setData({ type: "FeatureCollection", features });
    this.map.once("idle", () => this.note());
    const isWhole = !page.links.some((link) => link.rel === "next");
    return { features, links: [], told: `${isWhole ? "" : "≥ "}${features.reduce((all, cell) => all + cell.properties.sum, 0)}` };
  }

  write(shown, pages) {
    for (const counter of document.querySelectorAll("[data-count]")) {
      const page = pages[shown.indexOf(counter.dataset.count)];
      counter.textContent = page ? countOf(page) : "";
    }
    const entries = shown.flatMap((id, place) => pages[place].features.map((feature) => this.entry(id, feature)));
    this.list.replaceChildren(...entries.slice(0, MOST_LISTED));
    const names = shown.map((id, place) => `${this.titleOf(id)} ${countOf(pages[place])}`).join(say("，", ", "));
    this.told.textContent = names
      ? say(`视野内：${names}。下面列出 ${entries.length} 个。`, `In view: ${names}. ${entries.length} are listed.`)
      : say("没有打开的图层。", "No layer is switched on.");
  }

  entry(id, feature) {
    const item = make("li");
    const name = String(nameOf(feature.properties) || feature.id);
    const go = make("button", "btn btn--plain", name);
    go.type = "button";
    go.addEventListener("click", () => this.goTo(id, feature));
    item.append(go, make("span", "soft small", this.titleOf(id)));
    if (this.counted(id)) return item;
    const link = item.appendChild(make("a", "small", say("记录", "Record")));
    link.href = this.addressOf(id, feature.id);
    link.setAttribute("aria-label", say(`${name}的记录`, `Record of ${name}`));
    return item;
  }

  goTo(id, feature) {
    const box = new this.library.LngLatBounds();
    eachPlace(feature.geometry?.coordinates ?? [], (place) => box.extend(place));
    if (box.isEmpty()) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds(box, { padding: 60, maxZoom: 14, animate: !still });
    this.open(box.getCenter(), [this.counted(id) ? { id, words: feature.properties.name } : { id, key: feature.id }]);
    this.figure.scrollIntoView({ block: "nearest" });
  }

  // --- one place ---

  at(point) {
    const layers = this.parts.map((part) => part.id).filter((id) => !id.startsWith("divisions/area"));
    return this.map.queryRenderedFeatures(point, { layers });
  }

  answer(event) {
    const found = new Map();
    for (const { source, properties } of this.map.queryRenderedFeatures(event.point)) {
      if (this.counted(source)) found.set(`${source} ${properties.name}`, { id: source, words: properties.name });
      else if (properties.id) found.set(`${source} ${properties.id}`, { id: source, key: properties.id });
      else if (properties.count) return void this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2 });
    }
    if (found.size) this.open(event.lngLat, [...found.values()].slice(0, MOST_AT_A_POINT));
  }

  async open(place, features) {
    const body = make("div", "flow");
    const popup = new this.library.Popup({ maxWidth: "20rem" }).setLngLat(place).setDOMContent(body).addTo(this.map);
    body.append(make("p", "soft", say("正在读取…", "Reading…")));
    try {
      body.replaceChildren(...(await Promise.all(features.map((one) => this.facts(one)))));
    } catch (error) {
      console.warn("facts:", error);
      body.replaceChildren(make("p", "", say("取不到这里的记录。", "The record cannot be fetched.")));
    }
    popup.setLngLat(place);
  }

  async facts({ id, key, words }) {
    if (words) return make("h3", "", `${this.titleOf(id)} · ${words}`);
    const feature = await fetchJson(`${this.addressOf(id, key)}?max-allowable-offset=${COARSEST}`);
    const part = make("section", "popup");
    part.append(make("h3", "", `${this.titleOf(id)} · ${nameOf(feature.properties) || key}`));
    const facts = part.appendChild(make("dl", "facts"));
    for (const [name, value] of Object.entries(feature.properties)) {
      if (value === null || value === "" || ABOUT_LAYER.includes(name)) continue;
      const row = facts.appendChild(make("div"));
      const called = this.called[id][name];
      row.append(make("dt", "", called.title), make("dd", "", called.words[value] ?? wordsOf(value)));
    }
    const link = make("a", "", say("打开这条记录", "Open the record"));
    link.href = this.addressOf(id, key);
    part.append(link);
    return part;
  }

  addressOf(id, key) {
    return `${this.root}collections/${id}/items/${encodeURIComponent(key)}`;
  }
}

/** How many there are in all; beyond ten thousand the service does not say. */
function countOf(page) {
  if (page.told) return page.told;
  if (page.numberMatched !== undefined) return page.numberMatched.toLocaleString();
  return page.links.some((link) => link.rel === "next") ? say("上万", "over 10,000") : String(page.numberReturned);
}

function wordsOf(value) {
  if (typeof value === "boolean") return value ? say("是", "yes") : say("否", "no");
  if (typeof value === "number") return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
  return Array.isArray(value) ? value.join(say("、", ", ")) : String(value);
}

function eachPlace(part, tell) {
  if (typeof part[0] === "number") tell([part[0], part[1]]);
  else part.forEach((inner) => eachPlace(inner, tell));
}

/** Every address that the style and the tiles' documents name, asked for at our own origin. */
const transformRequest = (address) => ({ url: address.startsWith("http") ? new URL(ours(address), location.href).href : address });

for (const figure of document.querySelectorAll("[data-desk-map]")) {
  const options = fetchJson(figure.dataset.style).then((style) => ({ style, transformRequest, maxZoom: 18, hash: "at" }));
  show(figure, options, (opened) => new DeskMap(figure, opened).start());
}
