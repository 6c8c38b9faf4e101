// What every page has: theme, quick exit, the viewer's time zone.
import { keepHelp } from "./site/offline.ts";
import { offerQuickExit } from "./site/quick_exit.ts";
import { offerSearchKey } from "./site/search_key.ts";
import { offerThemes } from "./site/themes.ts";
import { rememberZone } from "./site/zone.ts";

offerThemes();
offerQuickExit();
offerSearchKey();
rememberZone();
keepHelp();
