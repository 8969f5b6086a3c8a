/** Milliseconds since 1970 by this end's own clock, which may be wrong: only the relay's decides. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** A clock that nobody sets, from some moment on. */
const steadyClock: Clock = () => performance.now();

/**
 * Whether so many milliseconds have passed from now on: as soon as one of two clocks says so, since the wall clock may
 * be set back and the steady one may stand still while the machine sleeps.
 */
export function passed(millis: number, clock: Clock): () => boolean {
  const wall = clock() + millis;
  const steady = steadyClock() + millis;
  return () => clock() >= wall || steadyClock() >= steady;
}
