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
  const read = (mark) => {
    const row = document.getElementById(mark.dataset.row);
    const panel = document.getElementById(mark.dataset.panel);
    if (row && panel) panel.replaceChildren(...row.cloneNode(true).childNodes);
    document.querySelectorAll(".mark.at").forEach((one) => one.classList.remove("at"));
    mark.classList.add("at");
  };
  document.querySelectorAll(".mark").forEach((mark) => {
    mark.addEventListener("mouseenter", () => read(mark));
    mark.addEventListener("focus", () => read(mark));
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
