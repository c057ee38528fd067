// The page /log/verify/: a file is chosen or dropped, judged here (verify.js), and told in plain words. Nothing goes out.

import { make, say } from "../mapping.js";
import { MOST_IN_ALL, verify } from "./verify.js";

const LONGEST = 300; // of what a stranger's file says of itself

// What follows "：" in a fault is in words of the format; for whoever reads Chinese:
const IN_CHINESE = {
  "no key of the log signed the checkpoint": "签名摘要上没有这把公钥的签名。",
  "the key that signed the checkpoint was not the log's at that size": "签这份摘要的密钥，在这个条目数时不是这本日志的密钥。",
  "that is no succession of keys": "不是密钥更替记录。",
  "the succession is not written as it must be": "更替记录的写法有误。",
  "the succession is not signed by both keys": "更替记录没有新旧两把密钥的签名。",
  "the succession is that of another log": "更替记录属于另一本日志。",
  "the successions do not follow each other": "更替记录前后不相接。",
  "a succession goes back behind the one before it": "更替记录的条目数比前一份少。",
  "it is another one than its name says": "内容与文件名不符。",
  "the checkpoint is that of another log": "签名摘要属于另一本日志。",
  "the proof does not lead from the entry to the checkpoint": "从条目出发，按证明算不出签名摘要里的树根：条目或证明被改过。",
  "a checkpoint has three lines or more, and none is empty": "签名摘要的格式不对。",
  "the size or the root of the checkpoint is malformed": "签名摘要里的条目数或树根有误。",
  "that is no proof of an entry": "格式不对。",
  "a hash of the proof has not 32 bytes": "证明里的摘要长度不对。",
  "that is not base64 as it is written here": "编码（base64）有误。",
  "the note is too long": "签名摘要过长。",
  "the note holds a control character": "签名摘要里有控制字符。",
  "there is no text, or no signature": "签名摘要没有正文或没有签名。",
  "there are too many signatures": "签名过多。",
  "a line under the note is no signature": "签名行的格式不对。",
  "that is no verifier key": "格式不对。",
  "a key's name has no space and no +": "公钥的名称有误。",
  "the id does not belong to this key": "公钥与它的编号不符，可能抄错了。",
  "an Ed25519 key has 32 bytes": "Ed25519 公钥的长度不对。",
  "an SM2 key is a point of 65 bytes": "SM2 公钥的长度不对。",
  "it is no zip file, or cut short": "不是 zip 文件，或者不完整。",
  "the list of files is not where it should be": "文件清单的位置不对。",
  "the list of files is broken": "文件清单损坏。",
  "a file is encrypted, or packed in an unusual way": "有文件加了密，或压缩方式不常见。",
  "a file is described in an unusual way": "有文件的写法不常见。",
  "files overlap, or are not where they should be": "文件互相重叠，或不在该在的位置。",
  "a file overlaps the list of files": "有文件与清单重叠。",
  "a file bears two names": "有文件的名称前后不一。",
  "the name of a file cannot be read": "有文件的名称无法读取。",
  "a file is not as long as it says": "有文件的长度与所写的不符。",
  "a file is not what was packed": "有文件已损坏（校验和不符）。",
  "a file is not as long as it says, or broken": "有文件已损坏，或长度与所写的不符。",
};

/** The reason after the colon, in Chinese. */
function inChinese({ zh, en }) {
  if (!zh.endsWith("：")) return zh;
  const reason = en.slice(en.indexOf(": ") + 2), signer = /^the signature of (.+) is wrong$/.exec(reason);
  if (signer) return `${zh}${signer[1]} 的签名不对：签名摘要被改过，或不是这把公钥签的。`;
  return zh + (reason.startsWith("no verifier for keys of type") ? "本页不会核对这种公钥的签名。" : IN_CHINESE[reason] ?? reason);
}

const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

function moment(text) {
  const at = new Date(text);
  return Number.isNaN(at.valueOf()) ? short(text) : clock.format(at);
}

/** An element that holds others. */
function holding(tag, className, ...parts) {
  const element = make(tag, className);
  element.append(...parts);
  return element;
}

class Page {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.key = form.querySelector("textarea");
    this.told = form.querySelector("[data-told]");
    this.progress = form.querySelector("progress");
    this.place = document.querySelector("[data-found]");
    this.words = new Map([...document.querySelectorAll("[data-words] li")].map((word) => [word.dataset.type, word.textContent]));
    this.turn = 0;
    this.input.addEventListener("change", () => this.judge(this.input.files[0]));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(this.input.files[0]);
    });
    // A file dropped beside the field would otherwise be opened in place of the page.
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      this.input.files = event.dataTransfer.files;
      this.judge(this.input.files[0]);
    });
  }

  async judge(file) {
    const turn = ++this.turn, key = this.key.value.trim();
    this.place.hidden = true;
    if (!file) {
      this.told.textContent = say("请先选一个证据包。", "Choose a bundle first.");
      this.input.focus();
      return;
    }
    this.told.textContent = say("正在核对…", "Verifying…");
    this.progress.hidden = false;
    this.progress.value = 0;
    const found = await this.found(file, key, (done, all) => {
      if (turn === this.turn) this.progress.value = done / all;
    });
    if (turn !== this.turn) return; // another was chosen meanwhile
    this.progress.hidden = true;
    this.told.textContent = "";
    this.show(found, file, key);
  }

  async found(file, key, tell) {
    const nothing = { isOwnKey: Boolean(key), keys: [], objects: [], entries: [], origin: "" };
    if (file.size > MOST_IN_ALL) {
      return { verdict: "refused", fault: { where: file.name, zh: "证据包过大。", en: "the bundle is too large." }, ...nothing };
    }
    try {
      return await verify(new Uint8Array(await file.arrayBuffer()), { key, name: file.name, tell });
    } catch (error) {
      console.warn("verify:", error);
      return { verdict: "unable", reason: { zh: "文件没能读完，什么也没有核对。请再试一次，或用包内的 verify.py。", en: "The file could not be read to its end: nothing was verified. Try again, or use verify.py in the bundle." }, ...nothing };
    }
  }

  show(found, file, key) {
    const isOurs = Boolean(key) && key.split(/\s+/).join() === this.form.dataset.key.split(/\s+/).join();
    const title = Object.assign(make("h2", "", this.title(found)), { id: "found-title" });
    const banner = holding("div", `notice ${this.tone(found)}`, title, ...this.statement(found, isOurs));
    this.place.replaceChildren(banner, this.facts(found, file, isOurs));
    if (found.verdict === "passed") this.place.append(this.checked(found), this.unchecked(found), this.entries(found));
    this.place.hidden = false;
    this.place.focus();
    this.place.scrollIntoView();
  }

  tone({ verdict, isOwnKey }) {
    if (verdict === "refused") return "notice--bad";
    return verdict === "passed" && isOwnKey ? "notice--good" : "notice--warm";
  }

  title({ verdict, isOwnKey }) {
    if (verdict === "refused") return say("不通过", "Refused");
    if (verdict === "unable") return say("没有核对", "Not verified");
    return isOwnKey ? say("通过：记录未被改动", "Verified: the record is unchanged") : say("包内前后一致，但不知道是谁做的", "It agrees with itself, but nobody knows who made it");
  }

  statement({ verdict, isOwnKey, fault, reason, origin }, isOurs) {
    const tell = (zh, en) => make("p", "breaks", say(zh, en));
    if (verdict === "unable") return [tell(reason.zh, reason.en)];
    if (verdict === "passed" && isOwnKey) return [tell("它不证明货物本身。", "It proves nothing of the goods themselves.")];
    if (verdict === "passed") {
      return [tell("用的是证据包自带的公钥，这样的包谁都能做。请填入从别处得到的公钥，再核对一次。", "The key came with the bundle: anybody can make such a bundle. Put in a key that you have from elsewhere, and verify again.")];
    }
    const said = [holding("p", "", make("code", "breaks", short(fault.where))), tell(short(inChinese(fault)), short(fault.en))];
    if (isOurs && origin && origin !== this.form.dataset.origin) {
      said.push(tell(`证据包说它出自另一本日志（${short(origin)}），核对它要用那本日志的公钥。`, `The bundle says that it is from another log (${short(origin)}): that takes the key of that log.`));
    }
    said.push(make("p", "soft", say("核对到第一处问题为止，后面的没有再看。", "The check ends at the first thing that does not hold; what comes after was not looked at.")));
    return said;
  }

  facts({ isOwnKey, keys, succeeded, objects, checkpoint, verdict }, file, isOurs) {
    const list = make("dl", "facts panel");
    const add = (zh, en, ...parts) => list.append(holding("div", "", make("dt", "", say(zh, en)), holding("dd", "breaks", ...parts)));
    add("文件", "File", file.name);
    if (keys.length) {
      const whose = isOurs ? say("本站的公钥", "the key of this site") : isOwnKey ? say("您填入的公钥", "the key that you put in") : say("证据包自带的公钥", "the key inside the bundle");
      add("公钥", "Key", make("p", "", whose), ...keys.map((key) => holding("p", "small", make("code", "breaks", short(key)))));
    }
    if (verdict !== "passed") return list;
    if (succeeded.length) add("由更替记录相连的公钥", "Keys that successions lead to", ...succeeded.map((key) => holding("p", "small", make("code", "breaks", short(key)))));
    add("对象", "Objects", ...objects.map((object) => make("p", "", object)));
    add("日志", "Log", checkpoint.origin);
    add("签名摘要", "Checkpoint", make("p", "", say(`共 ${checkpoint.size} 条`, `over ${checkpoint.size} entries`)), holding("p", "small", make("code", "breaks", checkpoint.root)));
    return list;
  }

  checked({ entries }) {
    const opened = entries.filter((entry) => entry.payload !== null).length;
    return this.list(say("核对了什么", "What was checked"), [
      say("签名摘要上有上列公钥的有效签名。", "The checkpoint bears a valid signature by a key named above."),
      say(`每一条（共 ${entries.length} 条）都在签名摘要之下，内容未改。`, `Each entry (${entries.length} in all) stands under the checkpoint, unchanged.`),
      say("每个对象的条目从第一条起首尾相接，中间没有缺少。", "The entries of each object follow one another from the first on; none between them is missing."),
      opened ? say(`附上的未公开内容（${opened} 份）与条目中的摘要相符。`, `What was not public and is handed over (${opened}) is what the entries commit to.`) : say("没有附上未公开的内容。", "Nothing that was not public is handed over."),
    ]);
  }

  unchecked({ hasToken, unjudged, besides }) {
    const lines = [say("日后的日志是否仍以此为开头：用 verify.py --log 核对。", "Whether a later log still begins with this: verify.py --log does that.")];
    lines.push(hasToken
      ? say("包里有第三方时间戳，浏览器不核对：请用 verify.py --tsa-roots 和时间戳机构的根证书核对。", "There is a time stamp by another body, which browsers do not verify: use verify.py --tsa-roots with the authority's root certificates.")
      : say("包里没有第三方时间戳。", "There is no time stamp by another body."));
    if (unjudged.length) lines.push(say("SM2 签名：浏览器不能核对，请用 verify.py。", "The signature by SM2: browsers cannot check it; use verify.py."));
    lines.push(...besides.map((name) => say(`${short(name)}：登记机构的说明，日志不为其作证。`, `${short(name)}: told by the registry, not proven by the log.`)));
    lines.push(say("VERIFY.md 和 verify.py 本身。", "VERIFY.md and verify.py themselves."));
    return this.list(say("没有核对什么", "What was not checked"), lines);
  }

  list(title, lines) {
    return holding("section", "prose flow", make("h3", "", title), holding("ul", "", ...lines.map((line) => make("li", "breaks", line))));
  }

  entries({ entries }) {
    const heads = [say("条目", "Entry"), say("内容", "What"), say("对象", "Object"), say("写入时间（北京时间）", "Recorded (Beijing time)"), say("原文", "As published")];
    const rows = entries.map((entry) => {
      const text = holding("details", "", make("summary", "", say(`查看第 ${entry.index} 条`, `Show entry ${entry.index}`)), make("pre", "verbatim", entry.text));
      if (entry.payload !== null) text.append(make("p", "", say("附上的未公开内容", "Handed over, not public")), make("pre", "verbatim", entry.payload));
      const time = Object.assign(make("time", "num", moment(entry.recorded)), { dateTime: entry.recorded });
      const what = holding("span", "", short(this.words.get(entry.type) ?? entry.type));
      if (entry.payload !== null) what.append(" ", make("span", "tag tag--info", say("附未公开内容", "discloses")));
      return holding("tr", "", ...[String(entry.index), what, entry.object, time, text].map((part, at) => {
        const cell = holding("td", at === 0 ? "num breaks" : "breaks", part);
        cell.dataset.label = heads[at];
        return cell;
      }));
    });
    const head = holding("thead", "", holding("tr", "", ...heads.map((text) => make("th", "", text))));
    const table = holding("table", "stack", make("caption", "", say("条目", "Entries")), head, holding("tbody", "", ...rows));
    return holding("div", "table-wrap", table);
  }
}

const bench = document.querySelector("[data-verify]");
new Page(bench.querySelector("form"));
bench.hidden = false;
document.querySelector("[data-without-script]").hidden = true;
