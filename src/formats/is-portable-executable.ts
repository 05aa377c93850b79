/** The two ways in which Cosmopolitan's "actually portable executables" begin: for a shell, they set a variable. */
const beginnings = ['MZqFpD=', 'jartsr='];

/** True for a program that runs on several systems and can have a zip at its end: a llamafile. */
export function isPortableExecutable(head: Uint8Array): boolean {
  if (head[0] !== 0x4d && head[0] !== 0x6a) return false;
  return beginnings.includes(Buffer.from(head.subarray(0, 7)).toString('latin1'));
}
