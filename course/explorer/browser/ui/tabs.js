/* latentExplorer.ui: the tools beside map and decode, one at a time, so that both stay in view whatever is used. */
"use strict";

/* `tools` are { name, title, element }, with what else stands there in `beside`. What comes back shows one of them, and
   says which it is. */
latentExplorer.ui.tabs = (explorer, tools) => {
  const { canvas, ui } = latentExplorer;
  const { make } = ui;
  const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
  const list = make("div", { class: "explorer-tabs", role: "tablist", "aria-label": "Tools" });
  const panels = make("div", { class: "explorer-panels" });
  const isThere = ({ content }) => !content.hidden;

  const show = (name, focus = false) => {
    for (const { name: own, tab, panel } of all) {
      const isShown = own === name;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      panel.hidden = !isShown;
      if (isShown && focus) tab.focus();
    }
    result.shown = name;
    panels.scrollTop = 0;
    canvas.Surface.layouts++; // what was hidden had no size
    explorer.requestRender();
  };
  const step = (event) => {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    const there = all.filter(isThere);
    const at = there.findIndex(({ name }) => name === result.shown);
    show(there[(at + by + there.length) % there.length].name, true);
  };

  const all = tools.map(({ name, title, element, beside }) => {
    const id = `${explorer.id}-tab-${name}`;
    const tab = make("button", { type: "button", role: "tab", id, onclick: () => show(name), onkeydown: step }, title);
    const panel = make(
      "div",
      { role: "tabpanel", "aria-labelledby": id, class: "explorer-panel" },
      beside ?? "",
      element,
    );
    tab.setAttribute("aria-controls", (panel.id = `${id}-panel`));
    return { name, tab, panel, content: element };
  });
  list.append(...all.map(({ tab }) => tab));
  panels.append(...all.map(({ panel }) => panel));
  const result = {
    elements: [list, panels],
    shown: null,
    show,
    /* A tool that has nothing for this model, as a training that was not kept, has no tab. */
    render() {
      for (const one of all) one.tab.hidden = !isThere(one);
      const there = all.filter(isThere);
      if (there.length && !there.some(({ name }) => name === result.shown)) show(there[0].name);
    },
  };
  show(all[0].name);
  return result;
};
