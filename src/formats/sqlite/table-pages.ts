import { limits } from '../../core/limits.ts';
import type { Pages } from './pages.ts';
import { sqliteError } from './sqlite-error.ts';

/** A leaf page of a table: where its cells begin. */
export interface LeafPage {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly cells: readonly number[];
}

const interiorTable = 5;
const leafTable = 13;
/** SQLite's own bound of the depth of a b-tree (`BTCURSOR_MAX_DEPTH`). */
const deepest = 20;

/**
 * The leaf pages of the table b-tree whose root has this number, in the order of the row ids (fileformat2.html §1.6).
 * No page is visited twice: in a file that SQLite wrote each belongs to one thing.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT`; `E_UNSUPPORTED` for an index, which is how a table WITHOUT ROWID is kept
 */
export async function* tablePages(pages: Pages, root: number, visited: Visited): AsyncGenerator<LeafPage> {
  const stack = [[root]];
  for (let level = stack.at(-1); level; level = stack.at(-1)) {
    const number = level.pop();
    if (number === undefined) {
      stack.pop();
      continue;
    }
    visited.enter(number);
    const bytes = await pages.read(number);
    const page = pageOf(bytes, number, pages.usable);
    if (page.type === leafTable) yield { number, bytes, cells: page.cells };
    else {
      if (stack.length >= deepest) throw sqliteError('E_LIMIT', 'depth', 'a b-tree too deep');
      const view = viewOf(bytes);
      const children = page.cells.map((at) => view.getUint32(at));
      stack.push([...children, view.getUint32(page.header + 8)].reverse());
    }
  }
}

/** The pages that one walk has been to. */
export class Visited {
  readonly #pages = new Set<number>();

  /** @throws MlbomError `E_MALFORMED` at the second time, `E_LIMIT` when there were too many */
  enter(number: number): void {
    if (this.#pages.has(number))
      throw sqliteError('E_MALFORMED', 'page-twice', `page ${number} is used twice`);
    if (this.#pages.size >= limits.sqlitePages)
      throw sqliteError('E_LIMIT', 'pages', `a table of more than ${limits.sqlitePages} pages`);
    this.#pages.add(number);
  }
}

function pageOf(
  bytes: Uint8Array,
  number: number,
  usable: number,
): { type: number; header: number; cells: number[] } {
  // The first page begins with the header of the file.
  const header = number === 1 ? 100 : 0;
  const type = bytes[header];
  if (type === 2 || type === 10)
    throw sqliteError('E_UNSUPPORTED', 'without-rowid', 'a table WITHOUT ROWID, or an index');
  if (type !== interiorTable && type !== leafTable)
    throw sqliteError('E_MALFORMED', 'page-type', `page ${number} is not of a table`);
  const view = viewOf(bytes);
  const first = header + (type === leafTable ? 8 : 12);
  const count = view.getUint16(header + 3);
  // An interior cell has five bytes at least, and one in a leaf four.
  const smallest = type === leafTable ? 4 : 5;
  if (first + count * (2 + smallest) > usable)
    throw sqliteError('E_MALFORMED', 'cells', `page ${number} cannot have ${count} cells`);
  const cells = Array.from({ length: count }, (_, index) => view.getUint16(first + 2 * index));
  if (cells.some((at) => at < first + 2 * count || at > usable - smallest))
    throw sqliteError('E_MALFORMED', 'cells', `page ${number} has a cell outside it`);
  return { type, header, cells };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
