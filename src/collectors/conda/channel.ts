/**
 * The name of the channel in `https://conda.anaconda.org/conda-forge/linux-64/…` or in itself: what follows the host,
 * without a token, the platform and the file. Undefined for a directory of a machine.
 */
export function channelName(text: string): string | undefined {
  const path = /^https?:\/\/[^/]*\/([^?#]*)$/i.exec(text.trim())?.[1];
  if (path === undefined) return /^[\w.-]{1,128}(?:\/[\w.-]{1,128})?$/.test(text) ? text : undefined;
  const parts = path
    .replace(/^t\/[^/]*\//, '')
    .split('/')
    .filter((part) => part !== '');
  if (/\.(?:conda|tar\.bz2)$/.test(parts.at(-1) ?? '')) parts.pop();
  if (/^(?:noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-\w+)$/.test(parts.at(-1) ?? '')) parts.pop();
  const name = parts.at(-1);
  return name !== undefined && /^[\w.-]{1,128}$/.test(name) ? name : undefined;
}
