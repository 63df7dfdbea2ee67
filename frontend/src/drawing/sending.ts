// Requests of the drawing page: JSON there and back; a page instead of JSON means that the session ended.
export interface Answer<T> {
  ok: boolean;
  status: number;
  body: T;
}

const token = (): string => document.querySelector<HTMLElement>("[data-drawing]")?.dataset.token ?? "";

export async function send<T>(url: string, body?: string): Promise<Answer<T>> {
  const answer = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "text/plain; charset=utf-8" }) },
    body,
  });
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (!isJson) return { ok: false, status: answer.redirected ? 401 : answer.status, body: {} as T };
  return { ok: answer.ok, status: answer.status, body: await answer.json() };
}
