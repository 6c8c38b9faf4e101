// The host's questions: answered without leaving the page, which would end what is being sent.
import { Alarm } from "../../moderation/alarm.ts";
import { poll } from "../../moderation/polling.ts";
import type { View } from "./view.ts";

const LOOKS_MS = 2_000;

interface News {
  urgent: string[];
  waiting: number;
  desk: string;
}

/** Send what is pressed at the queue, and tell moderators what cannot wait. */
export function answerQuestions(view: View, token: string): void {
  const form = document.querySelector<HTMLFormElement>("[data-host-questions]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter instanceof HTMLButtonElement) void send(view, event.submitter, token);
  });
  const alert = document.querySelector<HTMLElement>("[data-desk-alert]");
  if (alert) watch(alert);
}

/** What one key does: what is on air is answered; else the first of the queue goes on air. */
export function nextQuestion(view: View): void {
  const place = view.root.querySelector<HTMLElement>("#fresh-questions");
  const now = place?.querySelector<HTMLButtonElement>("[data-on-air] button[value=answered]");
  (now ?? place?.querySelector<HTMLButtonElement>("button[value=on_air]"))?.click();
}

async function send(view: View, button: HTMLButtonElement, token: string): Promise<void> {
  const body = new URLSearchParams({ act: button.value });
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  button.disabled = true;
  try {
    const answer = await fetch(button.formAction, { method: "POST", body, headers });
    say(answer.ok ? "" : view.word("question_changed"));
  } catch {
    say(view.word("no_answer"));
  } finally {
    button.disabled = false;
  }
  view.root.dispatchEvent(new Event("stale"));
}

function say(words: string): void {
  const line = document.querySelector<HTMLElement>("[data-questions-said]");
  const place = line?.querySelector("span");
  if (!line || !place) return;
  place.textContent = words;
  line.hidden = words === "";
}

function watch(alert: HTMLElement): void {
  const alarm = new Alarm(alert.dataset["urgentWords"] ?? "", []);
  const told = (news: News) => {
    alarm.tell(news.urgent);
    alert.hidden = news.urgent.length === 0;
    alert.querySelector("a")?.setAttribute("href", news.desk);
  };
  const look = poll<News>(() => alert.dataset["deskAlert"] ?? "", LOOKS_MS, { told, lost: () => undefined });
  void look();
}
