/** The words of a CEL text, as far as they can be clicked together. */

export type Token =
  | { kind: 'name' | 'sign'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'number'; value: number }

/** Why a condition cannot be shown as a tree; `part` is what is in the way. */
export class NotShown extends Error {
  readonly why: 'unreadable' | 'field' | 'form' | 'type'
  readonly part: string

  constructor(why: NotShown['why'], part: string) {
    super(`${why}: ${part}`)
    this.why = why
    this.part = part
  }
}

const SPACE = /^(?:\s|\/\/[^\n]*)+/
const NAME = /^[A-Za-z_]\w*/
const NUMBER = /^\d+(?![\w.])/
const SIGN = /^(?:&&|\|\||==|!=|<=|>=|[-!<>()[\],.?:+*/%])/
const ESCAPES: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu

export function tokensOf(cel: string): Token[] {
  const found: Token[] = []
  let rest = cel
  while (rest) {
    const space = SPACE.exec(rest)
    if (space) {
      rest = rest.slice(space[0].length)
      continue
    }
    const [token, length] = next(rest)
    found.push(token)
    rest = rest.slice(length)
  }
  return found
}

function next(rest: string): [Token, number] {
  const quote = rest.charAt(0)
  if (quote === '"' || quote === "'") return text(rest, quote)
  const name = NAME.exec(rest)?.[0]
  if (name) {
    // Raw texts and byte texts.
    if (/^["']/.test(rest.slice(name.length))) throw new NotShown('form', rest.slice(0, 20))
    return [{ kind: 'name', text: name }, name.length]
  }
  const number = NUMBER.exec(rest)?.[0]
  if (number) {
    const value = Number(number)
    if (!Number.isSafeInteger(value)) throw new NotShown('form', number)
    return [{ kind: 'number', value }, number.length]
  }
  const sign = SIGN.exec(rest)?.[0]
  if (!sign || /^\d/.test(rest)) throw new NotShown('unreadable', rest.slice(0, 20))
  return [{ kind: 'sign', text: sign }, sign.length]
}

function text(rest: string, quote: string): [Token, number] {
  if (rest.startsWith(quote.repeat(3))) throw new NotShown('form', quote.repeat(3))
  let end = 1
  while (end < rest.length && rest.charAt(end) !== quote) {
    if (/[\r\n]/.test(rest.charAt(end))) break
    end += rest.charAt(end) === '\\' ? 2 : 1
  }
  if (rest.charAt(end) !== quote) throw new NotShown('unreadable', rest.slice(0, 20))
  return [{ kind: 'text', text: unescaped(rest.slice(1, end)) }, end + 1]
}

function unescaped(raw: string): string {
  return raw.replace(
    ESCAPE,
    (_, x?: string, u?: string, long?: string, octal?: string, one = '') => {
      if (octal) return String.fromCodePoint(parseInt(octal, 8))
      const code = x ?? u ?? long
      if (code) return String.fromCodePoint(parseInt(code, 16))
      return ESCAPES[one as string] ?? (one as string)
    },
  )
}
