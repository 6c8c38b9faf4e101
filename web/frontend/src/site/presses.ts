/** Count presses of one key: the function returned says true at the last of `times` within `ms`. */
export function presses(times: number, ms: number): (hit: boolean, at: number) => boolean {
  let moments: number[] = [];
  return (hit, at) => {
    moments = hit ? [...moments, at].slice(-times) : []; // another key in between starts anew
    return moments.length === times && at - (moments[0] ?? at) <= ms;
  };
}
