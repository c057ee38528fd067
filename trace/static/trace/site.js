// Marks a site: corner by corner on the map (Terra Draw), or with the phone's position. What counts are the lines of the
// field below, which the server reads; the map only shows and fills them, so that the page is complete without it.

import { fetchJson, say, show } from "../mapping.js";

const OUR_SYSTEM = "CRS84";
const DECIMALS = 6; // a tenth of a metre
const WORST_M = 100;
const COARSE = 0.0005;
const PAIR = /^\s*([+-]?[0-9.]+)[\s,;]+([+-]?[0-9.]+)\s*$/;

/** A classic script: the libraries for drawing hang themselves on the window. */
function load(src) {
  const script = Object.assign(document.createElement("script"), { src });
  return new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${src} could not be loaded`));
    document.head.append(script);
  });
}

class Marking {
  constructor(figure) {
    this.figure = figure;
    this.field = document.getElementById(figure.dataset.corners);
    this.system = document.getElementById(figure.dataset.system);
    this.told = figure.querySelector("[data-told]");
    this.takesPoint = "takesPoint" in figure.dataset;
    this.field.addEventListener("input", () => this.draw());
    this.system.addEventListener("change", () => this.draw());
    figure.querySelector("[data-here]").addEventListener("click", () => this.markHere());
    figure.querySelector("[data-undo]").addEventListener("click", () => this.write(this.corners.slice(0, -1)));
    figure.querySelector("[data-clear]").addEventListener("click", () => this.write([]));
    figure.querySelector("[data-here]").hidden = !navigator.geolocation;
  }

  /** The corners that can be read, as [longitude, latitude]; lines still being typed are passed over. */
  get corners() {
    const found = this.field.value.split("\n").map((line) => PAIR.exec(line)).filter(Boolean);
    const pairs = found.map(([, x, y]) => [Number(x), Number(y)]);
    return pairs.filter(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90);
  }

  write(corners) {
    this.field.value = corners.map(([x, y]) => `${x.toFixed(DECIMALS)}, ${y.toFixed(DECIMALS)}`).join("\n");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.count();
  }

  tell(text) {
    this.told.textContent = text;
  }

  count() {
    const many = this.corners.length;
    const more = !this.takesPoint && many < 3 ? say(`，至少要 3 个`, `, 3 at least`) : "";
    this.tell(many ? say(`已有 ${many} 个点${more}。`, `${many} corner${many > 1 ? "s" : ""}${more}.`) : "");
  }

  markHere() {
    if (this.system.value !== OUR_SYSTEM && this.corners.length) {
      this.tell(say("已填的坐标不是 WGS 84，不能和手机定位混用。", "The corners below are not WGS 84: the phone's position cannot be added to them."));
      return;
    }
    this.tell(say("正在定位…", "Finding your position…"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const off = Math.round(coords.accuracy);
        if (off > WORST_M) {
          this.tell(say(`误差约 ${off} 米，太大，没有记下。请到空旷处再试。`, `Off by some ${off} m: too much, nothing was marked. Try again under the open sky.`));
          return;
        }
        this.system.value = OUR_SYSTEM;
        this.write([...this.corners, [coords.longitude, coords.latitude]]);
        this.look(this.corners);
        this.tell(`${this.told.textContent} ${say(`误差约 ${off} 米。`, `Off by some ${off} m.`)}`);
      },
      () => this.tell(say("没有得到定位。请允许本页使用位置，或在地图上标。", "There is no position. Allow this page to use it, or mark the map.")),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
    );
  }

  async open({ map, library }) {
    this.map = map;
    const { indication, draw, adapter, root } = this.figure.dataset;
    if (!draw || !adapter) throw new Error("the library for drawing was not fetched at set-up");
    await load(draw);
    await load(adapter);
    const drawn = { "max-allowable-offset": String(COARSE), limit: "20" };
    const ask = (layer, more) => fetchJson(`${root}collections/${layer}/items?${new URLSearchParams({ ...drawn, ...more })}`);
    const [region, counties] = await Promise.all([
      ask("indications", { indication }),
      ask("divisions", { level: "county", limit: "200", "max-allowable-offset": "0.002" }),
    ]);
    this.ground(region, counties);
    this.takePen();
    this.Bounds = library.LngLatBounds;
    this.look(this.corners.length ? this.corners : positionsIn(region.features.map((each) => each.geometry.coordinates)));
    this.draw();
    this.figure.dataset.drawn = "yes";
  }

  look(positions) {
    if (!this.Bounds || !positions.length) return;
    const box = positions.reduce((all, at) => all.extend(at), new this.Bounds());
    this.map.fitBounds(box, { padding: 40, maxZoom: 17, animate: false });
  }

  ground(region, counties) {
    this.map.addSource("counties", { type: "geojson", data: counties });
    this.map.addSource("region", { type: "geojson", data: region });
    this.map.addSource("marked", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({ id: "region", type: "fill", source: "region", paint: { "fill-color": "#d98e2b", "fill-opacity": 0.2 } });
    this.map.addLayer({ id: "counties", type: "line", source: "counties", paint: { "line-color": "#7c8b9d", "line-width": 0.8, "line-dasharray": [3, 2] } });
    this.map.addLayer({ id: "region-line", type: "line", source: "region", paint: { "line-color": "#8a4a06", "line-width": 1.5 } });
    this.map.addLayer({ id: "marked", type: "line", source: "marked", paint: { "line-color": "#17663f", "line-width": 2 } });
    this.map.addLayer({ id: "marked-corners", type: "circle", source: "marked", paint: { "circle-color": "#17663f", "circle-radius": 6, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  }

  /** Drawing with a finger or a mouse; afterwards the corners can be dragged. */
  takePen() {
    const { TerraDraw, TerraDrawPolygonMode, TerraDrawPointMode, TerraDrawSelectMode } = globalThis.terraDraw;
    const { TerraDrawMapLibreGLAdapter } = globalThis.terraDrawMaplibreGlAdapter;
    const green = "#17663f";
    const dragged = { feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true } } };
    this.pen = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.map, coordinatePrecision: 7 }),
      modes: [
        new TerraDrawPolygonMode({ styles: { fillColor: green, fillOpacity: 0.25, outlineColor: green, outlineWidth: 2 } }),
        new TerraDrawPointMode({ styles: { pointColor: green, pointWidth: 8 } }),
        new TerraDrawSelectMode({ flags: { polygon: dragged } }),
      ],
    });
    this.pen.start();
    this.pen.on("finish", (id) => this.take(id));
  }

  /** What was drawn or dragged goes into the field. */
  take(id) {
    const feature = this.pen.getSnapshot().find((each) => each.id === id);
    if (!feature) return;
    const shape = feature.geometry;
    this.isOurs = true;
    this.system.value = OUR_SYSTEM;
    this.write(shape.type === "Point" ? [shape.coordinates] : shape.coordinates[0].slice(0, -1));
    this.isOurs = false;
    if (shape.type === "Polygon" && this.pen.getMode() === "polygon") this.edit(id);
  }

  edit(id) {
    // The library still has its hands on the outline that it has just finished.
    setTimeout(() => {
      this.pen.setMode("select");
      this.pen.selectFeature(id);
    });
  }

  /** The field as it stands: an outline that can be dragged from three corners on, before that its corners. */
  draw() {
    if (!this.pen || this.isOurs) return;
    const corners = this.system.value === OUR_SYSTEM ? this.corners : [];
    const isArea = corners.length > 2;
    const points = isArea ? [] : corners.map((at) => shaped("Point", at));
    const line = corners.length === 2 ? [shaped("LineString", corners)] : [];
    this.map.getSource("marked").setData({ type: "FeatureCollection", features: [...points, ...line] });
    this.pen.clear();
    if (!isArea) {
      this.pen.setMode(this.takesPoint ? "point" : "polygon");
      return;
    }
    const [{ id, valid }] = this.pen.addFeatures([{ ...shaped("Polygon", [[...corners, corners[0]].map(rounded)]), properties: { mode: "polygon" } }]);
    if (valid) this.edit(id);
  }
}

const shaped = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });
const rounded = (pair) => pair.map((number) => Number(number.toFixed(DECIMALS)));
const positionsIn = (part) => (typeof part[0] === "number" ? [part] : part.flatMap(positionsIn));

const GROUND = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#e9eef4" } }] };

for (const figure of document.querySelectorAll("[data-site-map]")) {
  figure.hidden = false;
  const marking = new Marking(figure);
  marking.count();
  show(figure, { style: GROUND }, (drawn) => marking.open(drawn));
}
