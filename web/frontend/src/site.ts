// What every page has: theme, quick exit, the viewer's time zone.
import { offerQuickExit } from "./site/quick_exit.ts";
import { offerThemes } from "./site/themes.ts";
import { rememberZone } from "./site/zone.ts";

offerThemes();
offerQuickExit();
rememberZone();
