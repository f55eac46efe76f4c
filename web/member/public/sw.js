// Keeps the shell of the pages, so that the card opens without a network. Answers of the API are
// never kept here: the card lies with the page, and goes when its member signs out.
const SHELL = 'regulars-shell'
const PAGE = '/my/'
const MOST_FILES = 80

self.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (!url.pathname.startsWith(PAGE)) return
  if (request.mode === 'navigate') event.respondWith(page(event))
  else if (url.pathname.startsWith(`${PAGE}assets/`)) event.respondWith(asset(request))
})

/** The page as it is on the server, or, without a network, as it was last. */
async function page(event) {
  try {
    const answer = await fetch(event.request)
    if (answer.ok) event.waitUntil(keep(answer.clone()))
    return answer
  } catch {
    const kept = await (await caches.open(SHELL)).match(PAGE)
    return kept ?? Response.error()
  }
}

/** A file whose name tells its content: once kept it is right for ever. */
async function asset(request) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

/** The page and all files that it may need, beforehand. */
async function fill() {
  const cache = await caches.open(SHELL)
  const [index, list] = await Promise.all([
    fetch(PAGE, { cache: 'no-cache' }),
    fetch(`${PAGE}files.json`, { cache: 'no-cache' }),
  ])
  if (!index.ok || !list.ok) throw new Error('The shell cannot be fetched.')
  await cache.put(PAGE, index)
  const files = (await list.json()).slice(0, MOST_FILES).map((name) => `${PAGE}${name}`)
  await Promise.all(files.map((file) => asset(new Request(file))))
}

/** Keep a new page with its files, and let go of those of earlier builds. */
async function keep(answer) {
  const cache = await caches.open(SHELL)
  const before = await cache.match(PAGE)
  const text = await answer.clone().text()
  if (before && (await before.text()) === text) return
  const list = await fetch(`${PAGE}files.json`, { cache: 'no-cache' })
  if (!list.ok) return
  const files = new Set((await list.json()).map((name) => `${PAGE}${name}`))
  await Promise.all([...files].map((file) => asset(new Request(file))))
  await cache.put(PAGE, answer)
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url)
    if (pathname !== PAGE && !files.has(pathname)) await cache.delete(request)
  }
}
