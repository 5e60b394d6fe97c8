// The report's filters and passages. Without it all questions are shown and a citation leads to its
// passage at the foot of the page.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);

  // --- Passages: a citation opens a copy beside the question, the cited part marked.

  const panel = byId("panel");

  // Wraps the characters begin..end of an element's only text in <mark>.
  function markPart(element, begin, end) {
    const text = element.textContent;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(begin, end);
    element.replaceChildren(text.slice(0, begin), mark, text.slice(end));
    return mark;
  }

  function openPassage(link) {
    const passage = byId(link.getAttribute("href").slice(1));
    if (!panel || !passage) return false;
    const copy = passage.cloneNode(true);
    const heading = document.createElement("h3");
    heading.textContent = copy.querySelector("summary").textContent;
    copy.querySelector("summary").remove();
    byId("panel-body").replaceChildren(heading, ...copy.childNodes);
    if (!panel.open) panel.showModal();
    const text = byId("panel-body").querySelector(".text");
    const part = link.dataset.at?.split("-").map(Number);
    if (text && part) markPart(text, part[0], part[1]).scrollIntoView({ block: "center" });
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite");
    if (link && openPassage(link)) event.preventDefault();
    if (event.target === panel || event.target.id === "close") panel.close();
  });

  // --- Filters.

  const form = byId("filters");
  const cards = byId("cards");
  if (!form || !cards) return;
  const { up, questions } = JSON.parse(byId("data").textContent);
  const articles = [...cards.children];
  const number = (article) => Number(article.dataset.i);
  const chosen = (id) => byId(id)?.value ?? "*";
  const texts = new Map(); // Filled by the first search.

  // Values of the metric by contestant, turned so that larger is better; null where there is none.
  function valuesOf(question, metric) {
    return question.values.map((values) => {
      const value = values[metric] ?? null;
      return value === null ? null : up[metric] ? value : -value;
    });
  }

  // "won": better than all others; "lost": worse than one; "tied": neither. Of `who`, or of anyone.
  function hasOutcome(question, outcome, who, metric) {
    const asked = (i) => who === "*" || Number(who) === i;
    if (outcome === "*") return true;
    if (outcome === "refused" || outcome === "failed") return question[outcome].some(asked);
    const values = valuesOf(question, metric);
    const present = values.filter((value) => value !== null);
    if (present.length < 2) return false;
    const best = Math.max(...present);
    const winners = present.filter((value) => value === best).length;
    return values.some((value, i) => {
      if (value === null || !asked(i)) return false;
      if (outcome === "won") return value === best && winners === 1;
      if (outcome === "lost") return value < best;
      return value === best && winners > 1 && (who !== "*" || winners === present.length);
    });
  }

  function matches(article) {
    const question = questions[number(article)];
    const language = chosen("language");
    const type = chosen("type");
    const search = byId("search").value.trim().toLowerCase();
    if (language !== "*" && question.language !== language) return false;
    if (type !== "*" && question.type !== type) return false;
    if (!hasOutcome(question, chosen("outcome"), chosen("contestant"), Number(chosen("metric")))) {
      return false;
    }
    if (search === "") return true;
    if (!texts.has(article)) texts.set(article, article.textContent.toLowerCase());
    return search.split(/\s+/).every((word) => texts.get(article).includes(word));
  }

  // Sort keys; smaller comes first.
  const orders = {
    set: () => 0,
    worst: (values) => (values.length ? Math.min(...values) - Math.max(...values) : 0),
    lowest: (values) => (values.length ? Math.min(...values) : Infinity),
  };

  function sort() {
    const key = orders[chosen("order")] ?? orders.worst;
    const metric = Number(chosen("metric"));
    const who = chosen("contestant");
    const keyed = articles.map((article) => {
      const values = valuesOf(questions[number(article)], metric).filter(
        (value, i) => value !== null && (chosen("order") !== "lowest" || who === "*" || Number(who) === i),
      );
      return { article, key: key(values) };
    });
    const difference = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    keyed.sort((a, b) => difference(a.key, b.key) || number(a.article) - number(b.article));
    cards.append(...keyed.map((entry) => entry.article));
  }

  function filter() {
    let shown = 0;
    for (const article of articles) {
      article.hidden = !matches(article);
      if (!article.hidden) ++shown;
    }
    const output = byId("shown");
    output.textContent = output.dataset.text
      .replace("{shown}", String(shown))
      .replace("{all}", String(articles.length));
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.id !== "search") sort();
    filter();
  });
  // The fields have their first values only after this event.
  form.addEventListener("reset", () => setTimeout(() => (sort(), filter())));
  // The browser may have kept the fields' values over a reload.
  sort();
  filter();

  // --- Paper: everything opened, and closed again afterwards.

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
