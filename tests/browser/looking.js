() => {
  const faults = [];
  const named = (one) => one.labels?.length || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby");
  const seen = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible";
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways: ${root.scrollWidth} of ${root.clientWidth}`);

  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(seen).map((one) => Number(one.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) faults.push(`headings begin ${levels}`);
  if (levels.some((level, place) => place && level > levels[place - 1] + 1)) faults.push(`headings jump ${levels}`);

  for (const one of document.querySelectorAll("input, select, textarea")) {
    if (one.type !== "hidden" && seen(one) && !named(one)) faults.push(`no label: ${one.name || one.outerHTML}`);
  }

  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at), back = channels(style.backgroundColor);
      if (style.backgroundImage !== "none") return null;
      if (back.length < 4 || back[3] > 0.99) return back;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    const one = text.parentElement;
    if (!text.data.trim() || !seen(one) || one.closest("option")) continue;
    const back = behind(one);
    if (!back) continue;
    const [dark, bright] = [light(channels(getComputedStyle(one).color)), light(back)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(1)}: ${text.data.trim().slice(0, 30)}`);
  }
  return faults;
}
