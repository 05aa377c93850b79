/**
 * A history line without the values of build arguments, which BuildKit and Docker write before the command
 * (`RUN |2 TOKEN=… PIP_INDEX_URL=… /bin/sh -c …`): whoever builds with a secret as an argument has it there.
 */
export function withoutBuildArguments(line: string): string {
  const found = /^((?:RUN )?)\|(\d{1,3}) /.exec(line);
  if (!found) return line;
  const [head = '', keyword = '', count = '0'] = found;
  const names: string[] = [];
  let rest = line.slice(head.length);
  for (let index = 0; index < Number(count); index++) {
    const name = /^[A-Za-z_]\w{0,200}(?==)/.exec(rest)?.[0];
    if (name === undefined) break;
    names.push(name);
    // A value may have spaces: it ends where the next argument or the shell begins.
    const next = /\s(?=[A-Za-z_]\w{0,200}=|\/|[\w.-]+ -c )/.exec(rest);
    rest = next ? rest.slice(next.index + 1) : '';
  }
  return `${keyword}|${count} ${names.map((name) => `${name}=…`).join(' ')} ${rest}`.trimEnd();
}
