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
  while (names.length < Number(count)) {
    const [start, name = ''] = /^([A-Za-z_]\w{0,200})=/.exec(rest) ?? [];
    if (start === undefined) break;
    names.push(name);
    // A value may have spaces: it ends where the next argument begins, or is the last one.
    const next = /\s(?=[A-Za-z_]\w{0,200}=)/.exec(rest);
    if (names.length === Number(count) || !next) break;
    rest = rest.slice(next.index + 1);
  }
  return `${keyword}|${count} ${names.map((name) => `${name}=…`).join(' ')} ${commandIn(rest)}`;
}

/** From the shell on: what comes before it is of a value, whatever it looks like. */
function commandIn(text: string): string {
  const [, command = '…'] = shell.exec(text) ?? [];
  return command;
}

/** `/bin/bash -eo pipefail -c pip install …` */
const shell =
  /(?:^|\s)((?:\/[\w./-]{0,200}\/)?(?:ba|da|a|z|k)?sh(?: (?:-[A-Za-z]{1,16}|pipefail|errexit|nounset)){1,8} .*)$/s;
