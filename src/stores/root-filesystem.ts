import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isUtf8 } from 'node:buffer';

const releases = ['etc/os-release', 'usr/lib/os-release'];

/** Directories of a root in which the kernel shows itself; on a disk they are empty. */
export const kernelDirectories: ReadonlySet<string> = new Set(['dev', 'proc', 'run', 'sys']);

/**
 * True for the root of a Linux system: it has `usr` and says which system it is (file-hierarchy(7), os-release(5)).
 * @param real an absolute path without links
 */
export function isRootFilesystem(real: Buffer): boolean {
  if (!isUtf8(real)) return false;
  const path = real.toString('utf8');
  const there = (name: string) => lstatSync(join(path, name), { throwIfNoEntry: false });
  try {
    // Either of the two may be a link, to the other one or to a place of the system's own.
    return there('usr')?.isDirectory() === true && releases.some((name) => there(name) !== undefined);
  } catch {
    return false;
  }
}

/** What is left out of a root, where it is no file of it. */
export const leftOut = {
  device: 'a device, socket or FIFO of a system; it has no content of its own',
  nowhere: 'a symbolic link that leads nowhere in this root file system',
  mounted: 'another file system is mounted here, of the running kernel',
} as const;
