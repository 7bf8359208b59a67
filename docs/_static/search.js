/* The search page: finds sections by MiniSearch in search-records.js; both are scripts, so that no server is needed. */
"use strict";

{
  const SMALL_WORDS = new Set(
    (
      "a about an and any are as at be by can did do does for from get has have how i if in is it its me my not of on or so " +
      "such than that the their them then there they this to was we what when where which who why will with you your"
    ).split(" "),
  );

  /* What is said in several ways: where a text has one of them, it is found by the others too. */
  // prettier-ignore
  const SAME = [
    ["bce", "binary cross entropy"], ["log_var", "log variance", "logvar"], ["elbo", "evidence lower bound"],
    ["ae", "autoencoder"], ["vae", "variational autoencoder"], ["cvae", "conditional vae"], ["kl", "kullback leibler"],
    ["pca", "principal component"], ["mig", "mutual information gap"], ["slerp", "spherical interpolation"],
    ["lerp", "linear interpolation"], ["install", "installation", "set up", "getting started"], ["grade", "pytest"],
    ["posterior collapse", "collapse"], ["mu", "mean of the posterior"],
  ];

  // prettier-ignore
  const LETTERS = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", η: "eta", λ: "lambda", μ: "mu",
    µ: "mu", σ: "sigma", φ: "phi", θ: "theta",
  };

  /* One spelling for all: no accents, American endings, no marks between words. */
  const spelled = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .replace(/[α-ωµϵ]/g, (letter) => (LETTERS[letter] ? ` ${LETTERS[letter]} ` : letter))
      .replace(/parametri([sz])/g, "parameteri$1")
      .replace(/licence/g, "license")
      .replace(/(colo|neighbo|behavio)ur/g, "$1r")
      .replace(/grey/g, "gray")
      .replace(/is(e[drs]?|ing|ation|ations)\b/g, "iz$1")
      .replace(/[^\p{L}\p{N}_]+/gu, " ")
      .trim();

  const tokens = (text) => text.split(/[\s_]+/).filter(Boolean);

  /* What is left of a word without its ending, roughly; both the texts and the words that are looked for lose it. */
  const cut = (word) => {
    if (SMALL_WORDS.has(word)) return null;
    if (word.length < 4) return word;
    const bare = word.replace(/(?:ies|es|s)$/, "").replace(/(?:ing|ed|er|e|y)$/, "");
    return bare.length < 3 ? word : bare.replace(/([^aeiou])\1$/, "$1");
  };
  const stems = new Map(); // a text says the same few thousand words again and again
  const stem = (word) => {
    if (!stems.has(word)) stems.set(word, cut(word));
    return stems.get(word);
  };

  const stemmed = (words) =>
    ` ${tokens(words)
      .map((word) => stem(word) ?? word)
      .join(" ")} `;
  const same = SAME.map((ways) => ways.map((way) => [way, stemmed(way)]));

  /* A text and, behind it, the other ways to say what it says. */
  const widened = (text) => {
    const plain = spelled(text),
      bare = stemmed(plain);
    const more = same.filter((ways) => ways.some(([, way]) => bare.includes(way)));
    return [plain, ...more.flatMap((ways) => ways.filter(([, way]) => !bare.includes(way)).map(([way]) => way))].join(
      " ",
    );
  };

  let index = null;
  const made = () => {
    index = new MiniSearch({
      fields: ["title", "trail", "text", "code"],
      tokenize: tokens,
      processTerm: stem,
      searchOptions: {
        boost: { title: 5, trail: 1.5, text: 1, code: 0.5 },
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        weights: { fuzzy: 0.3, prefix: 0.6 },
        boostDocument: (id) => searchRecords[id][5],
      },
    });
    index.addAll(
      searchRecords.map(([, title, trail, text, code], id) => ({
        id,
        title: widened(title),
        trail: spelled(trail),
        text: widened(text),
        code: spelled(code),
      })),
    );
    return index;
  };

  /* What is called so, then sections with all of the words, then those with some of them. */
  const search = (query) => {
    const words = spelled(query);
    if (!words) return [];
    index ??= made();
    const all = index.search(words, { combineWith: "AND" });
    const ids = new Set(all.map(({ id }) => id));
    const hits = [...all, ...index.search(words).filter(({ id }) => !ids.has(id))];
    const named = ({ id }) => stemmed(spelled(searchRecords[id][1])) === stemmed(words);
    return [...hits.filter(named), ...hits.filter((hit) => !named(hit))].slice(0, 30);
  };

  const LENGTH = 180;

  /* The part of the text where most of the words stand, with the words marked. */
  const snippet = (text, found) => {
    const places = [...text.matchAll(/[\p{L}\p{N}]+/gu)]
      .map((match) => ({ at: match.index, word: match[0], stem: stem(spelled(match[0])) }))
      .filter(({ stem: term }) => term && found.has(term));
    const kinds = (first) =>
      new Set(places.filter(({ at }) => at >= first && at < first + LENGTH).map((place) => place.stem)).size;
    const best = places.reduce((most, { at }) => (kinds(at) > most.kinds ? { at, kinds: kinds(at) } : most), {
      at: 0,
      kinds: 0,
    });
    const sentence = text.lastIndexOf(". ", best.at) + 2;
    let start = sentence > 1 && best.at - sentence < 60 ? sentence : Math.max(0, best.at - 40);
    if (best.at < 60) start = 0;
    else if (start !== sentence) start = text.indexOf(" ", start) + 1;
    const end = start + LENGTH < text.length ? text.lastIndexOf(" ", start + LENGTH) : text.length;
    const line = document.createElement("p");
    let shown = start;
    for (const { at, word } of places.filter((place) => place.at >= start && place.at + place.word.length <= end)) {
      const mark = document.createElement("mark");
      mark.textContent = word;
      line.append(text.slice(shown, at), mark);
      shown = at + word.length;
    }
    line.append(text.slice(shown, end));
    if (start > 0) line.prepend("… ");
    if (end < text.length) line.append(" …");
    return line;
  };

  const entry = ({ id, match }) => {
    const [address, title, trail, text] = searchRecords[id];
    const item = document.createElement("li"),
      link = document.createElement("a"),
      where = document.createElement("p");
    link.href = address;
    link.textContent = title;
    where.textContent = trail;
    where.className = "search-trail";
    item.append(link, ...(trail ? [where] : []), snippet(text, new Set(Object.keys(match))));
    return item;
  };

  const form = document.querySelector(".search-form");
  const field = form.querySelector("input");
  const list = document.getElementById("search-results");
  const status = document.getElementById("search-status");

  const show = () => {
    const words = field.value.trim(),
      hits = search(words);
    list.replaceChildren(...hits.map(entry));
    status.replaceChildren();
    document.title = document.title.replace(/^[^-]*/, words ? `${words} – Search ` : "Search ");
    if (!words) return;
    const claims = document.createElement("a");
    claims.href = `claims.html?words=${encodeURIComponent(words)}`;
    claims.textContent = "Look among the measured claims";
    const count = hits.length === 1 ? "1 section" : `${hits.length === 30 ? "The best 30" : hits.length} sections`;
    status.append(hits.length ? `${count}. ` : `No section says “${words}”. `, claims);
  };

  let waiting = null;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(null, "", field.value.trim() ? `?q=${encodeURIComponent(field.value.trim())}` : "?");
      show();
    }, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.focus();
  });

  /* Down and up go through the results, up from the first and Escape back to the field. */
  addEventListener("keydown", (event) => {
    const links = [field, ...list.querySelectorAll("a")],
      here = links.indexOf(document.activeElement);
    if (here < 0 || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    if (event.key === "Escape" && here === 0) return; // the browser empties the field
    event.preventDefault();
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Escape: 0 }[event.key];
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  });

  form.hidden = false;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  addEventListener("DOMContentLoaded", () => {
    show();
    if (!field.value) field.focus();
  });
}
