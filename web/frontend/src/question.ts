// The page of one question, and the form by itself.
import { bindForm, bindLink, focusOn } from "./asking/parts.ts";

for (const form of document.querySelectorAll<HTMLFormElement>("[data-ask]")) bindForm(form);
bindLink(document);
focusOn(document);
