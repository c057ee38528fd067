// Draws <figure data-map>: collections of /ogc/ over the divisions, without any outside tile, glyph or style server.
// The page's list has the same facts; this only adds the picture. Usage: static/README.md.

/** @typedef {{type: "FeatureCollection", features: any[], links?: {rel: string, href: string}[]}} Features */

import { NAME_FIELD, fetchJson, make, nameOf, ours, show } from "./mapping.js";

// Degrees by which outlines may be simplified: the whole province on one screen, or one region.
const COARSE = 0.004;
const FINE = 0.0005;
const COUNTIES_FROM_ZOOM = 7.5;
const MOST_PAGES = 20;

// How each collection looks, what narrows it, and where a click on it leads.
const LOOKS = {
  indications: {
    by: { indication: "indication", region: "region" },
    href: (facts) => `/products/${encodeURIComponent(facts.indication)}/`,
    layers: (id, one) => [
      { id, type: "fill", paint: { "fill-color": "#d98e2b", "fill-opacity": one ? 0.35 : 0.13 } },
      { id: `${id}-line`, type: "line", paint: { "line-color": "#8a4a06", "line-width": one ? 2 : 0.8, "line-opacity": one ? 1 : 0.55 } },
    ],
  },
  regions: {
    by: { region: "number" },
    layers: (id) => [
      { id, type: "fill", paint: { "fill-color": "#d98e2b", "fill-opacity": 0.3 } },
      { id: `${id}-line`, type: "line", paint: { "line-color": "#8a4a06", "line-width": 2 } },
    ],
  },
  sites: {
    by: { indication: "indication" },
    layers: (id) => [
      { id, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#17663f", "fill-opacity": 0.35 } },
      { id: `${id}-line`, type: "line", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": "#17663f", "line-width": 2 } },
      { id: `${id}-dot`, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: dot("#17663f", 5) },
    ],
  },
  batches: { by: { indication: "indication" }, layers: (id) => [{ id, type: "circle", paint: dot("#a3211b", 5) }] },
  producers: {
    by: { indication: "indications" },
    href: (facts) => `/products/producers/${encodeURIComponent(facts.number)}/`,
    layers: (id) => [{ id, type: "circle", paint: dot("#14457f", 6.5) }],
  },
};

function dot(colour, radius) {
  return { "circle-color": colour, "circle-radius": radius, "circle-stroke-color": "#fff", "circle-stroke-width": 2 };
}

/** All features of a collection, page by page. @returns {Promise<Features>} */
async function fetchFeatures(root, collection, filters) {
  const query = new URLSearchParams({ limit: "1000", ...filters });
  const all = { type: "FeatureCollection", features: [] };
  let address = `${root}collections/${collection}/items?${query}`;
  for (let page = 0; address && page < MOST_PAGES; page += 1) {
    const got = await fetchJson(address);
    all.features.push(...got.features);
    const next = got.links.find((link) => link.rel === "next");
    address = next ? ours(next.href) : "";
  }
  return all;
}

/** The box round features, or null when there are none. */
function boxOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const widen = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else part.forEach(widen);
  };
  for (const feature of features) if (feature.geometry) widen(feature.geometry.coordinates);
  return Number.isFinite(box[0]) ? [[box[0], box[1]], [box[2], box[3]]] : null;
}

/** What stands at a point, each name once, as links. */
function listOf(found) {
  const list = make("ul", "list list--tight");
  const seen = new Set();
  for (const feature of found) {
    const name = nameOf(feature.properties);
    if (seen.has(name)) continue;
    seen.add(name);
    const look = LOOKS[feature.source];
    const item = make(look.href ? "a" : "span", "", name);
    if (look.href) item.href = look.href(feature.properties);
    list.appendChild(make("li")).append(item);
  }
  return list;
}

class GiMap {
  constructor(figure, { map, library }) {
    this.figure = figure;
    this.map = map;
    this.library = library;
    this.root = figure.dataset.root;
    this.collections = figure.dataset.collections.split(",");
    this.about = { indication: figure.dataset.indication, region: figure.dataset.region };
    this.isOne = Boolean(this.about.indication || this.about.region);
  }

  async draw() {
    const tolerance = String(this.isOne ? FINE : COARSE);
    const [cities, ...layers] = await Promise.all([
      fetchFeatures(this.root, "divisions", { level: "city", "max-allowable-offset": String(COARSE) }),
      ...this.collections.map((id) => fetchFeatures(this.root, id, { ...this.filtersOf(id), "max-allowable-offset": tolerance })),
    ]);
    this.drawDivisions(cities);
    this.collections.forEach((id, place) => this.drawCollection(id, layers[place]));
    this.drawNames();
    const box = this.isOne ? boxOf(layers.flatMap((layer) => layer.features)) : null;
    if (box) this.map.fitBounds(box, { padding: 40, maxZoom: 12, animate: false });
    this.figure.dataset.drawn = String(layers.reduce((sum, layer) => sum + layer.features.length, 0));
  }

  /** A collection that has no filter for what the page is about is drawn whole. */
  filtersOf(id) {
    const named = Object.entries(LOOKS[id].by).filter(([about]) => this.about[about]);
    return Object.fromEntries(named.map(([about, parameter]) => [parameter, this.about[about]]));
  }

  drawDivisions(cities) {
    this.map.addSource("cities", { type: "geojson", data: cities });
    this.map.addLayer({ id: "land", type: "fill", source: "cities", paint: { "fill-color": "#fbfcfd" } });
    this.map.addSource("counties", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const paint = { "line-color": "#7c8b9d", "line-width": 0.8, "line-dasharray": [3, 2] };
    this.map.addLayer({ id: "counties", type: "line", source: "counties", minzoom: COUNTIES_FROM_ZOOM, paint });
    this.map.on("zoomend", () => this.fetchCounties());
    this.fetchCounties();
  }

  /** County lines weigh more than all else; they come when they can be seen. */
  async fetchCounties() {
    if (this.hasCounties || this.map.getZoom() < COUNTIES_FROM_ZOOM) return;
    this.hasCounties = true;
    const wanted = { level: "county", "max-allowable-offset": String(COARSE / 2) };
    this.map.getSource("counties").setData(await fetchFeatures(this.root, "divisions", wanted));
  }

  drawCollection(id, features) {
    this.map.addSource(id, { type: "geojson", data: features });
    for (const layer of LOOKS[id].layers(id, this.isOne)) this.map.addLayer({ source: id, ...layer });
    if (id !== "indications" || this.isOne) return;
    const chosen = { source: id, filter: ["==", ["get", "indication"], ""] };
    this.map.addLayer({ ...chosen, id: "chosen", type: "fill", paint: { "fill-color": "#d98e2b", "fill-opacity": 0.55 } });
    this.map.addLayer({ ...chosen, id: "chosen-line", type: "line", paint: { "line-color": "#6f3a08", "line-width": 2.5 } });
    this.followList();
  }

  /** City lines and names lie over the regions, which often follow the same line. */
  drawNames() {
    this.map.addLayer({ id: "cities", type: "line", source: "cities", paint: { "line-color": "#2f4158", "line-width": 1.5 } });
    for (const [id, minzoom, size] of [["counties", COUNTIES_FROM_ZOOM + 0.7, 12], ["cities", 0, 13]]) {
      this.map.addLayer({
        id: `${id}-names`,
        type: "symbol",
        source: id,
        minzoom,
        ...(id === "cities" ? { maxzoom: COUNTIES_FROM_ZOOM + 1 } : {}),
        layout: { "text-field": ["get", NAME_FIELD], "text-size": size, "text-max-width": 7 },
        paint: { "text-color": "#22303f", "text-halo-color": "#fff", "text-halo-width": 1.5 },
      });
    }
    this.answerClicks();
  }

  answerClicks() {
    const layers = this.map.getStyle().layers.filter((layer) => LOOKS[layer.source] && !layer.id.startsWith("chosen")).map((layer) => layer.id);
    this.map.on("click", (event) => {
      const found = this.map.queryRenderedFeatures(event.point, { layers }).reverse();
      if (!found.length) return;
      new this.library.Popup({ maxWidth: "18rem" }).setLngLat(event.lngLat).setDOMContent(listOf(found)).addTo(this.map);
    });
    this.map.on("mousemove", (event) => {
      const found = this.map.queryRenderedFeatures(event.point, { layers });
      this.map.getCanvas().style.cursor = found.length ? "pointer" : "";
    });
  }

  /** The region of the list's entry under the pointer or the focus stands out. */
  followList() {
    const choose = (slug) => ["chosen", "chosen-line"].forEach((id) => this.map.setFilter(id, ["==", ["get", "indication"], slug]));
    for (const entry of document.querySelectorAll("[data-map-feature]")) {
      for (const start of ["mouseenter", "focus"]) entry.addEventListener(start, () => choose(entry.dataset.mapFeature));
      for (const end of ["mouseleave", "blur"]) entry.addEventListener(end, () => choose(""));
    }
  }
}

const GROUND = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#e9eef4" } }] };

for (const figure of document.querySelectorAll("[data-map]")) {
  // A map far down the page waits until it is nearly seen: half a megabyte that many readers never need.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    show(figure, { style: GROUND, maxZoom: 15 }, (opened) => new GiMap(figure, opened).draw());
  }, { rootMargin: "300px" }).observe(figure);
}
