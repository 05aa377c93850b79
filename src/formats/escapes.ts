/** True for the name of a member that leads out of the place an archive is unpacked to; some readers take `\\` for `/`. */
export function escapes(name: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..');
}
