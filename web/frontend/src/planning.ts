/* Pages about time and licences: each part looks for its own element and does nothing without it. */
import { saveAlong } from "./planning/apply.ts";

import "./planning/hours.ts";
import "./planning/series.ts";
import "./planning/slots.ts";

const wizard = document.querySelector<HTMLFormElement>("[data-autosave]");
if (wizard) saveAlong(wizard);
