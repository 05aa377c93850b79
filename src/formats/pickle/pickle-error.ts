/** Unpickling ends here with an error; the reader records it and goes on with what follows. */
export class PickleError extends Error {
  override readonly name: string = 'PickleError';
}

/** A limit of `core/limits.ts` ends the reading of a pickle; said in a few words. */
export class PickleLimit extends PickleError {
  override readonly name = 'PickleLimit';
}
