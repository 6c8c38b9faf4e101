/* The form of another time: a clash is shown as soon as a field has changed. */

const PAUSE_MS = 400;

/** Ask the page itself about the time that stands in `form`, and put its verdict in place. */
export function lookAtOnce(form: HTMLFormElement): void {
  let waiting = 0;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const mine = ++asked;
    const text = await verdictOn(form);
    if (text !== null && mine === asked) show(text);
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE_MS);
  });
}

async function verdictOn(form: HTMLFormElement): Promise<string | null> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.set("intent", "check");
  try {
    const answer = await fetch(form.action, { method: "POST", body, cache: "no-store" });
    return answer.ok ? await answer.text() : "";
  } catch {
    return null; // the connection is away; the button still asks
  }
}

function show(text: string): void {
  const place = document.getElementById("verdict");
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("verdict");
  if (place) place.innerHTML = fresh?.innerHTML ?? "";
}

const form = document.querySelector<HTMLFormElement>("form[data-look]");
if (form) lookAtOnce(form);
