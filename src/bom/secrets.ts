interface SecretForm {
  readonly kind: string;
  /** What every such text contains: far cheaper to look for than the form. */
  readonly hint: string;
  /**
   * Begins with fixed text, and its repetitions are bounded, so that matching stays linear. What stands before it may
   * be an underscore: names are put together with them.
   */
  readonly form: RegExp;
}

const forms: readonly SecretForm[] = [
  { kind: 'a password in a URL', hint: '://', form: /:\/\/[^\s/?#@:]{0,256}:(?!\*+@)[^\s/?#@]{1,256}@/ },
  {
    kind: 'a signed URL or a token in one',
    hint: '=',
    form: /[?&#;](?:x-(?:amz|goog)-(?:signature|security-token)|signature|sig|(?:access|refresh|auth|id)_?token|token|api_?key|password)=(?!\*|redacted)[^\s&#;]{16}/i,
  },
  { kind: 'an access token', hint: 'hf_', form: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30}/ },
  { kind: 'an access token', hint: 'gh', form: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}/ },
  { kind: 'an access token', hint: 'github_pat_', form: /(?<![A-Za-z0-9])github_pat_\w{50}/ },
  { kind: 'an access token', hint: 'glpat-', form: /(?<![A-Za-z0-9])glpat-[\w-]{20}/ },
  { kind: 'an access token', hint: 'npm_', form: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/ },
  { kind: 'an access token', hint: 'xox', form: /(?<![A-Za-z0-9])xox[abeprs]-[\w-]{10}/ },
  { kind: 'an access token', hint: 'sk-', form: /(?<![A-Za-z0-9])sk-(?:ant-api\d\d-|proj-|svcacct-)?\w{32}/ },
  { kind: 'an access key', hint: 'AKIA', form: /(?<![A-Za-z0-9])AKIA[0-9A-Z]{16}(?![0-9A-Z])/ },
  { kind: 'an access key', hint: 'ASIA', form: /(?<![A-Za-z0-9])ASIA[0-9A-Z]{16}(?![0-9A-Z])/ },
  { kind: 'an access key', hint: 'AIza', form: /(?<![A-Za-z0-9])AIza[\w-]{35}/ },
  { kind: 'a private key', hint: 'PRIVATE KEY', form: /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/ },
];

/** No secret of these forms is shorter, and most texts in a BOM are. */
const shortest = 8;
const hexadecimal = /^[0-9a-f]+$/;

/** What kind of secret a text holds, if any: credentials in a URL, a presigned query, a provider's token, a private key. */
export function secretIn(text: string): string | undefined {
  if (text.length < shortest || hexadecimal.test(text)) return undefined;
  return formIn(text) ?? (text.includes('%') ? formIn(decoded(text)) : undefined);
}

function formIn(text: string): string | undefined {
  return forms.find(({ hint, form }) => text.includes(hint) && form.test(text))?.kind;
}

/** A package URL writes `%2B` before what stood behind a plus. */
function decoded(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
