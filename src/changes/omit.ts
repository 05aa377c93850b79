/** A copy of an object without some of its members; one named `__proto__` is a member like any other. */
export function omit(object: Record<string, unknown>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
