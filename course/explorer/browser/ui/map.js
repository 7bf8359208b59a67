/* latentExplorer.ui: the map, its legend and its controls, and what a pointer does on it. */
"use strict";
{
  const { canvas, math, ui } = latentExplorer;
  const { make } = ui;

  /* Where images are on the map. They glide to where another model puts them, for those who like motion. */
  class Places {
    constructor() {
      this.now = [];
      this.key = null;
      this.glide = null; // from where, and since when
    }

    /* True while they are on the way. */
    settle(goal, key) {
      const moved = this.key !== null && this.key !== key && this.now.length === goal.length;
      this.key = key;
      if (moved && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
        this.glide = { from: this.now, since: performance.now() };
      }
      const share = this.glide ? Math.min(1, (performance.now() - this.glide.since) / 450) : 1;
      this.now = share < 1 ? this.between(goal, 1 - (1 - share) ** 3) : goal;
      if (share === 1) this.glide = null;
      return share < 1;
    }

    between(goal, share) {
      return goal.map((at, i) => this.glide.from[i].map((from, k) => from + share * (at[k] - from)));
    }
  }

  ui.legend = (explorer) => {
    const element = make("div", { class: "explorer-legend", role: "group", "aria-label": "Classes shown" });
    const changed = ui.changes();
    const dataChanged = ui.changes();

    const toggle = (label) => {
      if (!explorer.hidden.delete(label)) explorer.hidden.add(label);
      explorer.requestRender();
    };
    const build = () => {
      const buttons = explorer.data.classes.map((name, label) => {
        const sign = make("canvas", { width: 28, height: 28, "aria-hidden": "true" });
        return make("button", { type: "button", "aria-pressed": "true", onclick: () => toggle(label) }, sign, name);
      });
      element.replaceChildren(...buttons);
    };
    const renderButton = (button, label) => {
      button.setAttribute("aria-pressed", String(!explorer.hidden.has(label)));
      const context = button.firstChild.getContext("2d");
      context.clearRect(0, 0, 28, 28);
      canvas.renderSign(context, canvas.sign(explorer.data, label, 10, 3.5), [14, 14]);
    };

    return {
      element,
      render() {
        if (!changed(explorer.model.data, explorer.themes, ...explorer.hidden)) return;
        if (dataChanged(explorer.model.data)) build();
        [...element.children].forEach(renderButton);
      },
    };
  };

  ui.parts.map = (explorer) => {
    const map = make("canvas", { class: "explorer-map", role: "img" });
    const surface = new canvas.Surface(map);
    const background = ui.background(explorer);
    const box = make("div", { class: "explorer-plane" }, ...background.elements, map);
    const legend = ui.legend(explorer);
    const controls = ui.mapControls(explorer);
    const element = make("div", { class: "explorer-left" }, box, legend.element, controls.element);
    const places = new Places();
    let hover = -1; // the image under the pointer

    const scale = () => map.width / 2 / explorer.plane.half;
    const toScreen = ([x, y]) => {
      const [mx, my] = explorer.plane.middle;
      return [map.width / 2 + (x - mx) * scale(), map.height / 2 - (y - my) * scale()];
    };
    const toPlane = (event) => {
      const rect = map.getBoundingClientRect();
      const unit = (2 * explorer.plane.half) / rect.width;
      const [mx, my] = explorer.plane.middle;
      const right = event.clientX - rect.left - rect.width / 2;
      const down = event.clientY - rect.top - rect.height / 2;
      return [mx + right * unit, my - down * unit];
    };
    const visible = (i) => !explorer.hidden.has(explorer.data.labels[i]);
    const imageUnder = (event, reach) => {
      const rect = map.getBoundingClientRect();
      const dots = map.width / rect.width;
      const left = (event.clientX - rect.left) * dots;
      const top = (event.clientY - rect.top) * dots;
      let best = -1;
      let least = (reach * dots) ** 2;
      places.now.forEach(([x, y], i) => {
        const far = (x - left) ** 2 + (y - top) ** 2;
        if (far >= least || !visible(i)) return;
        best = i;
        least = far;
      });
      return best;
    };

    const handles = ui.handles(explorer, box, { toScreen, toPlane, surface });
    const go = (event) => {
      const image = imageUnder(event, event.pointerType === "touch" ? 22 : 9);
      if (image >= 0) explorer.select(image);
      else explorer.move(explorer.plane.moved(explorer.state.z, ...toPlane(event)));
    };
    map.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      go(event);
      handles.hold(event);
    });
    map.addEventListener("click", (event) => {
      if (event.pointerType === "touch") go(event); // a tap; a finger that moves scrolls, unless it holds the point
    });
    map.addEventListener("pointermove", (event) => {
      const image = event.buttons ? -1 : imageUnder(event, 12);
      if (image !== hover) explorer.requestRender();
      hover = image;
    });
    map.addEventListener("pointerleave", () => {
      hover = -1;
      explorer.requestRender();
    });

    const describe = () => {
      const { data, plane, state } = explorer;
      const [x, y] = plane.project(state.z).map((value) => math.number(value));
      const along = plane.names.join(" and ");
      return `Map of ${data.count} encoded images along ${along}; the point is at ${x}, ${y}.`;
    };

    return {
      element,
      render() {
        surface.fit();
        legend.render();
        controls.render();
        const { model, stage, axes } = explorer.state;
        if (places.settle(explorer.plane.points.map(toScreen), [model, stage, axes].join())) explorer.requestRender();
        surface.context.clearRect(0, 0, map.width, map.height);
        background.render();
        const { dots } = surface;
        const view = { dots, scale: scale(), toScreen, places: places.now, hover, visible };
        canvas.renderMap(explorer, surface.context, view);
        handles.render(dots);
        map.setAttribute("aria-label", describe());
      },
    };
  };
}
