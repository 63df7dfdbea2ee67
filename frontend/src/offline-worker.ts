// Keeps the offline page and what it is drawn with, and gives them back when there is no connection.
const KEPT = "motcua-offline-1";

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends WorkerEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

addEventListener("install", (event) => {
  (self as unknown as { skipWaiting(): void }).skipWaiting();
  void event;
});

addEventListener("activate", (event) => {
  const clients = (self as unknown as { clients: { claim(): Promise<void> } }).clients;
  (event as WorkerEvent).waitUntil(clients.claim());
});

/** Ask the server first; what it gave last serves when it cannot be reached. */
async function answer(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected) await kept.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const last = await kept.match(request);
    if (last) return last;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const asked = (event as FetchEvent).request;
  const is = new URL(asked.url);
  const isOurs = is.origin === location.origin && asked.method === "GET";
  if (isOurs && (asked.mode === "navigate" || is.pathname.startsWith("/static/")))
    (event as FetchEvent).respondWith(answer(asked));
});
