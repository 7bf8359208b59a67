/* Filters the list of claims by words, lesson, seeds and verdict; `claims.html?words=kl` starts with a filter. */
"use strict";

{
  const tables = [...document.querySelectorAll(".claims-table")];
  const sections = [...new Set(tables.map((table) => table.closest("section")))];
  const name = (section) => section.querySelector("h1, h2, h3").firstChild.textContent.trim();
  const rows = tables.flatMap((table) =>
    [...table.tBodies[0].rows].map((row) => {
      const section = table.closest("section");
      const text = `${row.textContent} ${name(section)}`.toLowerCase();
      return { row, table, section, text, seeds: /, (\d+) seeds?/.exec(text.replaceAll("\u00a0", " "))?.[1] ?? "0" };
    }),
  );

  const form = document.createElement("form");
  form.className = "claims-filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Claims");
  const labelled = (words, control) => {
    const label = document.createElement("label");
    label.append(words, control);
    form.append(label);
    control.name = words.toLowerCase();
    return control;
  };
  const choice = (words, options) => {
    const select = document.createElement("select");
    select.append(...[["All", ""], ...options].map(([shown, value]) => new Option(shown, value)));
    return labelled(words, select);
  };
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  labelled("Words", field);
  const lesson = choice("Lesson", sections.map((section, number) => [name(section), `${number}`])); // prettier-ignore
  const counts = [...new Set(rows.map(({ seeds }) => seeds))].sort();
  const seeds = choice("Seeds", counts.map((count) => [count === "0" ? "Without chance" : count, count])); // prettier-ignore
  const holds = choice("Verdict", [["Holds", "(holds)"], ["Does not hold", "(does not hold)"]]); // prettier-ignore
  const status = document.createElement("p");
  status.className = "claims-status";
  status.setAttribute("role", "status");

  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of rows) {
      const wanted =
        (!lesson.value || sections[lesson.value] === entry.section) &&
        (!seeds.value || seeds.value === entry.seeds) &&
        entry.text.includes(holds.value) &&
        words.every((word) => entry.text.includes(word));
      entry.row.hidden = !wanted;
    }
    const shown = rows.filter(({ row }) => !row.hidden);
    for (const table of tables) table.hidden = !shown.some((entry) => entry.table === table);
    for (const section of sections) section.hidden = !shown.some((entry) => entry.section === section);
    status.textContent =
      shown.length === rows.length ? `${rows.length} claims` : `${shown.length} of ${rows.length} claims`;
  };

  /* An address of a claim shows it, whatever was filtered. */
  const reveal = () => {
    const target = rows.find(({ row }) => row.id === decodeURIComponent(location.hash.slice(1)))?.row;
    if (target?.hidden) {
      form.reset();
      filter();
    }
    target?.scrollIntoView(); // the filter has come in above it
  };

  const asked = new URLSearchParams(location.search);
  field.value = asked.get("words") ?? "";
  for (const control of [field, lesson, seeds, holds]) {
    control.addEventListener("input", () => {
      filter();
      const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      history.replaceState(null, "", `?${chosen}`);
    });
    if (asked.has(control.name)) control.value = asked.get(control.name);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  (sections.length > 1 ? sections[0] : tables[0]).before(form, status); // below the first screen, where nothing moves
  filter();
  reveal();
  addEventListener("hashchange", reveal);
}
