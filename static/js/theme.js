// Before the first paint: "as the device" follows the device. Without JavaScript the page is light.
(() => {
  const root = document.documentElement;
  if (root.dataset.appearance !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  follow();
  dark.addEventListener("change", follow);
})();
