// The key "/" goes to the field of the search, wherever nothing is being typed.

const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false']), dialog[open], [popover]:popover-open";

/** Let "/" focus the search field that is in view, else open the page of the search. */
export function offerSearchKey(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const fields = [...document.querySelectorAll<HTMLInputElement>("[data-search-field]")];
    const field = fields.find((one) => one.offsetParent !== null);
    const link = document.querySelector<HTMLAnchorElement>("[data-search-link]");
    if (!field && !link) return;
    event.preventDefault();
    if (!field) return link?.click();
    field.focus();
    field.select();
  });
}
