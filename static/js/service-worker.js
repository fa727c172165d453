// Without a connection: the portal's own files, and the pages that somebody has chosen to keep on this device. The server
// puts VERSION, SHELL (addresses of files), OFFLINE and SIGN_OUT (addresses) above. Answers of the portal are always
// asked for first: what is kept here stands in only while the line is down.
const SHELLS = "kulit-";
const PAGES = "halaman-"; // one cache per person; another person's goes when this one opens a page
const FILES = new Set(["script", "style"]); // of whichever release: a name says the content
const SHELLS_KEPT = 2; // pages that were kept before an update still want the files that they were made with

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELLS + VERSION).then((cache) => cache.addAll([...SHELL, OFFLINE])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const shells = (await caches.keys()).filter((name) => name.startsWith(SHELLS) && name !== SHELLS + VERSION);
    await Promise.all(shells.slice(0, Math.max(0, shells.length - (SHELLS_KEPT - 1))).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (request.method === "GET" && (SHELL.includes(url.pathname) || FILES.has(request.destination))) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  const { data, source } = event;
  if (data.do === "keep") event.waitUntil(keep(data).then((count) => source.postMessage({ kept: count })));
  if (data.do === "forget") event.waitUntil(forget().then(() => source.postMessage({ kept: 0 })));
});

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(request, url) {
  if (url.pathname === SIGN_OUT && request.method === "POST") await forget();
  try {
    const answer = await fetch(request);
    const person = answer.headers.get("Portal-Person"); // whose page it is; of nobody's nothing is kept
    if (person) await forget(PAGES + person); // somebody else has signed in
    const cache = person && await kept();
    if (request.method === "GET" && answer.ok && cache && (await cache.match(url.href, { ignoreVary: true }))) {
      await cache.put(url.href, answer.clone());
    }
    return answer;
  } catch {
    const cache = request.method === "GET" ? await kept() : null;
    return (await cache?.match(url.href, { ignoreVary: true })) ?? standIn(request);
  }
}

// A file is kept by no browser: where one was on its way, the page says that it has to be chosen again.
async function standIn(request) {
  const answer = await caches.match(OFFLINE);
  if (!request.headers.get("content-type")?.startsWith("multipart/form-data")) return answer;
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response((await answer.text()).replace("data-file-lost hidden", "data-file-lost"), { headers });
}

async function kept() {
  const name = (await caches.keys()).find((each) => each.startsWith(PAGES));
  return name ? caches.open(name) : null;
}

async function forget(but = "") {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== but);
  await Promise.all(names.map((name) => caches.delete(name)));
}

// Keep these pages of this person, as they are now; returns how many could be fetched.
async function keep({ user, pages }) {
  await forget(PAGES + user);
  const cache = await caches.open(PAGES + user);
  const fresh = new Set();
  for (const address of pages) {
    try {
      let answer = await fetch(address, { credentials: "same-origin" });
      if (answer.redirected) answer = await fetch(answer.url, { credentials: "same-origin" }); // a redirected answer may not stand in for a page
      if (!answer.ok || answer.redirected || answer.headers.get("Portal-Person") !== user) continue;
      const { url } = answer;
      await cache.put(url, answer);
      fresh.add(url);
    } catch { /* the line dropped: what was kept before stays */ return fresh.size; }
  }
  for (const old of await cache.keys()) if (!fresh.has(old.url)) await cache.delete(old);
  return fresh.size;
}
