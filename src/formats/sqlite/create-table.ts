/** What the text of a CREATE TABLE says about the values of a row. */
export interface TableColumns {
  /** Names of the columns that are stored, in order. */
  readonly names: readonly string[];
  /** The one that stands for the row id (`INTEGER PRIMARY KEY`), whose stored value is NULL. */
  readonly rowid?: string;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

const constraints = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']);

/**
 * The columns of a table (lang_createtable.html). The text was accepted by SQLite once, so that it is only taken
 * apart here, never judged; of a text that is something else no columns are known.
 */
export function columnsOf(sql: string): TableColumns {
  const definitions = definitionsOf(sql);
  const isColumn = ([first]: readonly Token[]): boolean =>
    first !== undefined && (first.quoted || !constraints.has(first.text.toUpperCase()));
  const columns = definitions.filter(isColumn).filter((definition) => !isVirtual(definition));
  const names = columns.map(([name]) => name?.text ?? '');
  const rowid =
    columns.find((words) => isInteger(words) && has(words, 'PRIMARY', 'KEY'))?.[0]?.text ??
    rowidOfConstraint(
      definitions.filter((definition) => !isColumn(definition)),
      columns,
    );
  return rowid === undefined ? { names } : { names, rowid };
}

/** `PRIMARY KEY (a)` after the columns, where `a` is an INTEGER. */
function rowidOfConstraint(
  tableConstraints: readonly (readonly Token[])[],
  columns: readonly (readonly Token[])[],
): string | undefined {
  const words = tableConstraints.find((constraint) => has(constraint, 'PRIMARY', 'KEY'));
  const open = words?.findIndex((word) => !word.quoted && word.text === '(') ?? -1;
  if (!words || open < 0 || words[open + 2]?.text !== ')') return undefined;
  const key = words[open + 1]?.text.toLowerCase();
  return columns.find((column) => column[0]?.text.toLowerCase() === key && isInteger(column))?.[0]?.text;
}

function isInteger([, type]: readonly Token[]): boolean {
  return type?.text.toUpperCase() === 'INTEGER';
}

function has(words: readonly Token[], first: string, second: string): boolean {
  return words.some(
    ({ text, quoted }, index) =>
      !quoted && text.toUpperCase() === first && words[index + 1]?.text.toUpperCase() === second,
  );
}

/** Generated columns are stored only when they say so. */
function isVirtual(words: readonly Token[]): boolean {
  const is = (word: string): boolean =>
    words.some(({ text, quoted }) => !quoted && text.toUpperCase() === word);
  return has(words, 'AS', '(') && !is('STORED');
}

/** The parts between the commas of the outermost brackets. */
function definitionsOf(sql: string): Token[][] {
  const definitions: Token[][] = [];
  let depth = 0;
  let definition: Token[] = [];
  for (const token of tokensOf(sql)) {
    const mark = token.quoted ? '' : token.text;
    if (mark === ')' && --depth === 0) {
      definitions.push(definition);
      return definitions;
    }
    if (mark === ',' && depth === 1) {
      definitions.push(definition);
      definition = [];
    } else if (depth > 0) definition.push(token);
    if (mark === '(') depth++;
  }
  return [];
}

/**
 * Comment or space, quoted name, word, mark. What is not closed goes on to the end, and each character can be matched
 * in one way only, so that nothing is tried again.
 */
const lexeme =
  /(?:--[^\n]*|\/\*[^]*?(?:\*\/|$)|\s+)|"([^"]*(?:""[^"]*)*)(?:"|$)|`([^`]*(?:``[^`]*)*)(?:`|$)|'([^']*(?:''[^']*)*)(?:'|$)|\[([^\]]*)(?:\]|$)|([A-Za-z_0-9$\u0080-\uffff]+)|([^])/gy;

function* tokensOf(sql: string): Generator<Token> {
  for (const [, double, grave, single, bracket, word, mark] of sql.matchAll(lexeme)) {
    const quoted =
      double?.replaceAll('""', '"') ??
      grave?.replaceAll('``', '`') ??
      single?.replaceAll("''", "'") ??
      bracket;
    if (quoted !== undefined) yield { text: quoted, quoted: true };
    else if (word !== undefined) yield { text: word, quoted: false };
    else if (mark !== undefined) yield { text: mark, quoted: false };
  }
}
