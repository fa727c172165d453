// The briefing on the screen in the room: one part at a time, by arrow keys, buttons or a presenter's clicker.
const slides = [...document.querySelectorAll(".slide")];
const place = document.getElementById("place");
const texts = document.body.dataset;
let here = 0;

function show(number) {
  here = Math.max(0, Math.min(number, slides.length - 1));
  slides.forEach((slide, index) => { slide.hidden = index !== here; });
  place.textContent = `${texts.textSlide} ${here + 1} ${texts.textOf} ${slides.length}`;
  history.replaceState(null, "", `#${here + 1}`);
  window.scrollTo(0, 0);
  for (const button of document.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.disabled = Number(button.dataset.step) < 0 ? here === 0 : here === slides.length - 1;
  }
}

const keys = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const onControl = event.target.closest("a, button");
  if (event.key === " " && onControl) return;
  if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key in keys) show(here + keys[event.key]);
  else return;
  event.preventDefault();
});
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => show(here + Number(button.dataset.step)));
}
show((Number(location.hash.slice(1)) || 1) - 1);
