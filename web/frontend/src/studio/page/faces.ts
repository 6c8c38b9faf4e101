// The faces of the one page; `streams.studio.rules.Face` is the server's side of it.

export type Face = "green" | "air" | "after" | "over";

const FACES: Record<string, Face> = {
  live: "air",
  ended: "after",
  published: "after",
  cancelled: "over",
  missed: "over",
};

/** Return the face that a state of the livestream shows. */
export function faceOf(state: string): Face {
  return FACES[state] ?? "green";
}

/** Show what belongs to a face and hide the rest. */
export function turn(root: HTMLElement, face: Face): void {
  root.dataset["face"] = face;
  for (const part of root.querySelectorAll<HTMLElement>("[data-on]"))
    part.hidden = !(part.dataset["on"] ?? "").split(" ").includes(face);
}
