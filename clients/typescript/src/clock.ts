/** Milliseconds since 1970 by this end's own clock, which may be wrong: only the relay's decides. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
