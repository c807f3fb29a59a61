// What an accessibility audit finds wrong on the page it runs in (WCAG 2.2, levels A and AA, as
// far as a program can tell): a list of sentences, empty where nothing is wrong.
const found = [];
if (document.activeElement) document.activeElement.blur(); // a field that takes the focus by itself
const name = (element) => {
  const id = element.id ? `#${element.id}` : "";
  const field = element.getAttribute("name");
  return `<${element.localName}${id}${field ? ` name=${field}` : ""}>`;
};
const all = (css) => [...document.querySelectorAll(css)];
const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const visible = (css) => all(css).filter(shown);
const words = (element) => (element.textContent || "").trim();

// 3.1.1, 2.4.2: the language and the title.
if (!document.documentElement.lang) found.push("the page has no language");
if (!document.title.trim()) found.push("the page has no title");

// 1.3.1: landmarks, headings in order, heads of tables.
if (all("main").length !== 1) found.push(`${all("main").length} main landmarks`);
const navigations = visible("nav").filter((nav) => !nav.getAttribute("aria-label"));
navigations.forEach((nav) => found.push(`${name(nav)} has no label`));
const headings = visible("h1, h2, h3, h4, h5, h6").map((heading) => [Number(heading.localName[1]), words(heading)]);
if (headings.filter(([level]) => level === 1).length !== 1) found.push("not one h1");
headings.forEach(([level, text], nth) => {
  const before = nth ? headings[nth - 1][0] : 0;
  if (level > before + 1) found.push(`heading "${text}" skips from level ${before} to ${level}`);
});
all("th").filter((head) => !head.scope).forEach((head) => found.push(`head "${words(head)}" has no scope`));
all("table").filter((table) => !table.caption && !table.getAttribute("aria-label"))
  .forEach((table) => found.push(`${name(table)} has no caption`));

// 1.1.1, 2.4.4, 4.1.2: everything has a name.
const labelled = (element) => element.getAttribute("aria-label") || element.title
  || (element.getAttribute("aria-labelledby") || "").split(/\s+/).some((id) => document.getElementById(id));
all("input:not([type=hidden]), select, textarea")
  .filter((input) => !labelled(input) && ![...input.labels].some(words))
  .forEach((input) => found.push(`${name(input)} has no label`));
all("button, a[href], summary").filter((control) => control.ariaHidden !== "true")
  .filter((control) => !words(control) && !labelled(control))
  .forEach((control) => found.push(`${name(control)} has no name`));
all("img:not([alt])").forEach((image) => found.push(`${name(image)} has no alternative`));
all("svg").filter((icon) => icon.ariaHidden !== "true" && !labelled(icon) && !icon.querySelector("title"))
  .forEach((icon) => found.push(`${name(icon)} is neither named nor hidden`));
const ids = all("[id]").map((element) => element.id);
new Set(ids.filter((id, nth) => ids.indexOf(id) !== nth)).forEach((id) => found.push(`#${id} stands twice`));
all("[aria-describedby], [aria-controls]").forEach((element) => {
  for (const list of [element.getAttribute("aria-describedby"), element.getAttribute("aria-controls")]) {
    (list || "").split(/\s+/).filter((id) => id && !document.getElementById(id))
      .forEach((id) => found.push(`${name(element)} refers to #${id}, which is not there`));
  }
});

// 2.4.3, 2.4.7: the order of focus is that of the page, and focus is seen.
all("[tabindex]").filter((element) => element.tabIndex > 0)
  .forEach((element) => found.push(`${name(element)} has a tabindex of its own`));
const still = (element) => {
  const style = getComputedStyle(element);
  return `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow} ${style.borderColor} ${style.backgroundColor}`;
};
for (const element of visible("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
  if (element.disabled) continue;
  const before = still(element);
  element.focus();
  if (document.activeElement !== element) found.push(`${name(element)} "${words(element)}" cannot be focused`);
  else if (still(element) === before) found.push(`focus is not seen on ${name(element)} "${words(element)}"`);
  element.blur();
}

// 1.4.3: contrast of every text with what is behind it.
const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
const brush = canvas.getContext("2d", { willReadFrequently: true });
const colour = (text) => {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = text;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
};
const over = (top, below) => [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3])).concat(1);
const ground = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
  const canvasColour = colour(getComputedStyle(document.documentElement).colorScheme.includes("dark")
    && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
  return layers.reduceRight((below, layer) => over(layer, below), canvasColour);
};
const light = (parts) => {
  const [red, green, blue] = parts.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (texts.nextNode()) {
  const text = texts.currentNode.data.trim();
  const element = texts.currentNode.parentElement;
  if (!text || seen.has(element) || !shown(element) || element.closest("option, [disabled], svg")) continue;
  seen.add(element);
  const style = getComputedStyle(element);
  const behind = ground(element);
  const pair = [light(over(colour(style.color), behind)), light(behind)].sort((one, other) => other - one);
  const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (contrast < (large ? 3 : 4.5)) found.push(`contrast of "${text.slice(0, 40)}" is ${contrast.toFixed(2)}`);
}

// 1.4.10: nothing is cut off or scrolled sideways.
if (document.documentElement.scrollWidth > innerWidth) {
  found.push(`${document.documentElement.scrollWidth} pixels wide on a screen of ${innerWidth}`);
}
return [...new Set(found)];
