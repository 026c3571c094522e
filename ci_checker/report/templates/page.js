(() => {
  "use strict";
  const status = document.getElementById("status");
  let now = null;
  const show = (audio, on) => {
    document.querySelectorAll('[data-clip="' + audio.id + '"]').forEach((one) => {
      one.classList.toggle("on", on);
      if (one.classList.contains("play")) one.setAttribute("aria-pressed", String(on));
    });
  };
  const toggle = (id) => {
    const audio = document.getElementById(id);
    if (!audio) return;
    if (now && !now.paused) {
      now.pause();
      if (now === audio) return;
    }
    now = audio;
    audio.currentTime = 0;
    status.textContent = "";
    audio.play().catch((error) => {
      // A second press stops a clip that has not begun yet: that is no failure.
      if (error.name !== "AbortError") status.textContent = "This clip cannot be played here.";
    });
  };
  document.querySelectorAll("audio").forEach((audio) => {
    audio.addEventListener("play", () => {
      if (now && now !== audio) now.pause();
      now = audio;
      show(audio, true);
    });
    ["pause", "ended"].forEach((name) => audio.addEventListener(name, () => show(audio, false)));
  });
  // One stop of the Tab key a week; the arrow keys go from mark to mark.
  const weeks = [...document.querySelectorAll(".week")].map((week) => [...week.querySelectorAll(".mark")]);
  const stop = (marks, mark) => marks.forEach((one) => one.setAttribute("tabindex", one === mark ? "0" : "-1"));
  const read = (mark) => {
    const row = document.getElementById(mark.dataset.row);
    const panel = document.getElementById(mark.dataset.panel);
    if (row && panel) panel.replaceChildren(...row.cloneNode(true).childNodes);
    const marks = weeks.find((each) => each.includes(mark)) || [];
    marks.forEach((one) => one.classList.toggle("at", one === mark));
    stop(marks, mark);
  };
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  weeks.forEach((marks) => {
    stop(marks, marks.find((one) => one.classList.contains("at")) || marks[0]);
    marks.forEach((mark, place) => {
      mark.addEventListener("mouseenter", () => read(mark));
      mark.addEventListener("focus", () => read(mark));
      mark.addEventListener("keydown", (event) => {
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        marks[Math.max(0, Math.min(marks.length - 1, place + step))].focus();
      });
    });
  });
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-clip], .mark");
    if (!one) return;
    event.preventDefault();
    if (one.classList.contains("mark")) read(one);
    if (one.dataset.clip) toggle(one.dataset.clip);
  });
  document.addEventListener("keydown", (event) => {
    const one = event.key === " " && event.target.closest && event.target.closest(".play, .mark");
    if (!one) return;
    event.preventDefault();
    if (one.dataset.clip) toggle(one.dataset.clip);
  });
})();
