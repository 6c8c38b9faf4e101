// The question desk of moderators.
import { Desk } from "./moderation/desk.ts";

const root = document.querySelector<HTMLElement>("[data-question-desk]");
if (root) new Desk(root).begin();
