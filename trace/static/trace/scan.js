// The camera and the photo on the page that asks for a code. Without this the form sends the photo as it is.

const LONGEST = 1600;
const EVERY_MS = 250;

// A photo of several megabytes is made small before it is sent: the code in it is read as well, and much sooner.
const form = document.querySelector("form[data-photo]");
const input = form?.querySelector("input[type=file]");
input?.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file || file.size < 400_000 || !self.createImageBitmap || !self.DataTransfer) return;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || input.files[0] !== file) return; // another was chosen meanwhile
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    input.files = chosen.files;
  } catch {
    // What this browser cannot open the server may: it goes as it is.
  }
});

/** A function from a canvas or video to the text of a code in it, or "". The browser's own reader where it has one. */
async function reader(box) {
  if ("BarcodeDetector" in self) {
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: formats.filter((name) => ["qr_code", "data_matrix"].includes(name)) });
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? "";
    }
  }
  const { prepareZXingModule, readBarcodes } = await import(box.dataset.library);
  prepareZXingModule({ overrides: { locateFile: () => box.dataset.engine } });
  return async (canvas) => {
    const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(image, { formats: ["QRCode", "DataMatrix"], maxNumberOfSymbols: 1 });
    return found[0]?.text ?? "";
  };
}

async function scan(box) {
  const video = box.querySelector("video");
  const status = box.querySelector("[role=status]");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    status.textContent = box.dataset.refused;
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  status.textContent = box.dataset.looking;
  const read = await reader(box);
  const canvas = document.createElement("canvas");
  const look = async () => {
    const scale = Math.min(1, 1000 / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = Math.round(video.videoWidth * scale) || 1;
    canvas.height = Math.round(video.videoHeight * scale) || 1;
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = await read(canvas).catch(() => "");
    if (!text) {
      setTimeout(look, EVERY_MS);
      return;
    }
    for (const track of stream.getTracks()) track.stop();
    location.assign(`${box.dataset.search}?code=${encodeURIComponent(text)}`);
  };
  look();
}

const box = document.querySelector("[data-camera]");
const canRead = "BarcodeDetector" in self || (box?.dataset.library && "WebAssembly" in self);
if (box && navigator.mediaDevices?.getUserMedia && canRead) {
  box.hidden = false;
  const button = box.querySelector("button");
  button.addEventListener("click", () => {
    button.hidden = true;
    scan(box);
  });
}
