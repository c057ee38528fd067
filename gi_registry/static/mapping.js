// What every map here shares: words, the library and how it is opened. Knows no collection; see static/README.md.

const ENGLISH = document.documentElement.lang.startsWith("en");
const FONTS = '"PingFang SC", "HarmonyOS Sans SC", MiSans, "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

export const SHANXI = [[110.2, 34.5], [114.6, 40.8]];
export const say = (zh, en) => (ENGLISH ? en : zh);
export const NAME_FIELD = ENGLISH ? "name_en" : "name_zh";
export const nameOf = (facts) => (ENGLISH && facts.name_en) || facts.name_zh || facts.name || facts.number;

const CONTROLS = {
  "Map.Title": say("地图", "Map"),
  "NavigationControl.ZoomIn": say("放大", "Zoom in"),
  "NavigationControl.ZoomOut": say("缩小", "Zoom out"),
  "Popup.Close": say("关闭", "Close"),
  "ScaleControl.Meters": say("米", "m"),
  "ScaleControl.Kilometers": say("公里", "km"),
  "CooperativeGesturesHandler.WindowsHelpText": say("按住 Ctrl 并滚动可缩放地图", "Use Ctrl + scroll to zoom the map"),
  "CooperativeGesturesHandler.MacHelpText": say("按住 ⌘ 并滚动可缩放地图", "Use ⌘ + scroll to zoom the map"),
  "CooperativeGesturesHandler.MobileHelpText": say("用两根手指移动地图", "Use two fingers to move the map"),
};

/** An element with a class and words in it. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/** Behind a proxy the service may know itself by another name: keep to our own origin. */
export function ours(address) {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}

/** @returns {Promise<any>} The JSON at an address; an answer that is not a success is an error. */
export async function fetchJson(address, signal = undefined) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" }, signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** The library's sheet comes with the library, not with every page that may never draw. */
function addSheet(href) {
  if (!href || document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve;
    document.head.append(sheet);
  });
}

/** A map in the frame of a <figure> that names its library, drawn and ready. `options` go to the library's Map. */
async function open(figure, options) {
  if (!figure.dataset.library) throw new Error("the map library was not fetched at set-up");
  const [library] = await Promise.all([import(figure.dataset.library), addSheet(figure.dataset.sheet)]);
  library.setWorkerUrl(new URL(figure.dataset.worker, location.href).href);
  const place = make("div", "map__canvas");
  figure.querySelector(".map__frame").append(place);
  const map = new library.Map({
    // The library's own sheet makes its element relative, so the place in the frame is a second one.
    container: place.appendChild(make("div")),
    bounds: SHANXI,
    fitBoundsOptions: { padding: 16 },
    maxBounds: [[104, 30], [121, 45]],
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: FONTS,
    locale: CONTROLS,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new library.ScaleControl({ maxWidth: 120 }), "top-left");
  map.getCanvas().setAttribute("aria-label", figure.dataset.label);
  await new Promise((resolve) => map.once("load", resolve));
  return { map, library };
}

/**
 * Opens a map and draws it; where that cannot be done the figure says so and keeps what stands beside it.
 * `options` for the library may be a promise, `draw` gets {map, library}.
 */
export async function show(figure, options, draw) {
  const note = figure.querySelector("[data-note]");
  const tell = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };
  tell(say("正在绘制地图…", "Drawing the map…"));
  try {
    await draw(await open(figure, await options));
    tell("");
    figure.querySelector(".map__sketch")?.remove();
  } catch (error) {
    console.warn("map:", error);
    figure.querySelector(".map__canvas")?.remove();
    const listed = say("这里无法绘制交互地图；同样的内容见列表。", "The interactive map cannot be drawn here; the list has the same facts.");
    tell(figure.dataset.cannot || listed);
  }
}
