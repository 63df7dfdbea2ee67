// Everything the pages do in the browser. Each page works without it; this makes it quicker.
import htmx from "htmx.org/dist/htmx.esm.js";

import { guardAgainstDoubleSubmits } from "./behaviour/busy";
import { askBeforeWhatCannotBeUndone } from "./behaviour/confirm";
import { openExplanationsAtTheSide } from "./behaviour/explain";
import { focusErrorSummary, tickAll } from "./behaviour/forms";
import { closeMenusOnLeaving, switchTheme } from "./behaviour/menus";
import { openPalette } from "./behaviour/palette";
import { offerPrinting } from "./behaviour/print";
import { listenForShortcuts } from "./behaviour/shortcuts";
import { letHeadsStick } from "./behaviour/tables";
import { dismissToasts } from "./behaviour/toasts";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "instant";

function start(): void {
  askBeforeWhatCannotBeUndone();
  guardAgainstDoubleSubmits();
  openExplanationsAtTheSide();
  closeMenusOnLeaving();
  switchTheme();
  openPalette();
  listenForShortcuts();
  dismissToasts();
  offerPrinting();
  letHeadsStick();
  tickAll();
  focusErrorSummary();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
