"use strict";
// Filters the findings in place. Without this script the whole report is visible and every link works.
(() => {
  const form = document.getElementById("filter");
  const findings = [...document.querySelectorAll(".finding")];
  const words = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));
  const shown = document.getElementById("shown");

  const fits = (finding, levels, data) =>
    levels.has(finding.dataset.level) &&
    (!data.get("rule") || finding.dataset.rule === data.get("rule")) &&
    (!data.get("document") || finding.dataset.documents.split(" ").includes(data.get("document"))) &&
    words.get(finding).includes(data.get("text").trim().toLowerCase());

  const apply = () => {
    const data = new FormData(form);
    const levels = new Set(data.getAll("level"));
    for (const finding of findings) finding.hidden = !fits(finding, levels, data);
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector(".finding:not([hidden])");
    }
    const left = findings.filter((finding) => !finding.hidden).length;
    shown.textContent = shown.dataset.pattern.replace("{shown}", left).replace("{n}", findings.length);
  };

  // A link from a passage to a finding that the filter hides would lead nowhere.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.closest("[hidden]")) return;
    form.reset();
    apply();
    target.scrollIntoView();
  };

  if (findings.length < 2) return;
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  apply();
})();
