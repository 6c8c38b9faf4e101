/* Pages about time and licences: each part looks for its own element and does nothing without it. */

export {};
