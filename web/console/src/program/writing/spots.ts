/** Where in the document the cursor is, also while a line is half written and nothing can be parsed. */

export interface Spot {
  /** Of the collection around the cursor, or of the value that is being written. */
  path: (string | number)[]
  /** A value is written here, not the name of a property. */
  isValue: boolean
  /** The word that ends at the cursor. */
  word: string
}

interface Head {
  column: number
  /** null: an item of a list. */
  key: string | null
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#:{}[\],"'][^#:{}[\],]*?)\s*:(\s|$)/
const WORD = /[\w.+-]*$/

export function spotAt(text: string, at: number): Spot {
  const lines = text.slice(0, at).split('\n')
  const line = lines.pop() ?? ''
  const [heads, rest] = headsOf(line)
  const word = WORD.exec(line)?.[0] ?? ''
  const path: (string | number)[] = heads.map((head) => head.key ?? 0)
  // An item's place is between that of a key and what is indented further.
  let limit = heads[0]?.column ?? line.length - word.length
  for (let number = lines.length - 1; number >= 0 && limit > 0; number--) {
    for (const head of headsOf(lines[number] ?? '')[0].reverse()) {
      if (head.column >= limit) continue
      path.unshift(head.key ?? 0)
      limit = head.column
    }
  }
  const hasKey = heads.at(-1)?.key !== undefined && heads.at(-1)?.key !== null
  return { ...within(rest, path, hasKey), word }
}

/** The properties and items that a line begins with, and what follows them. */
function headsOf(line: string): [Head[], string] {
  const heads: Head[] = []
  let rest = line
  let column = 0
  const skip = (length: number) => {
    column += length
    rest = rest.slice(length)
  }
  skip(/^ */.exec(rest)?.[0].length ?? 0)
  if (rest.startsWith('#')) return [[], '']
  while (rest === '-' || rest.startsWith('- ')) {
    heads.push({ column: column + 0.5, key: null })
    skip(/^-\s*/.exec(rest)?.[0].length ?? 1)
  }
  const found = KEY.exec(rest)
  if (found) {
    heads.push({ column, key: (found[1] ?? '').replace(/^["']|["']$/g, '') })
    skip(found[0].length)
  }
  return [heads, rest]
}

/** Further in, through the braces and brackets of the same line. */
function within(
  rest: string,
  path: (string | number)[],
  hasKey: boolean,
): { path: (string | number)[]; isValue: boolean } {
  const frames: { isList: boolean; key: string | null }[] = []
  let word = ''
  let quote = ''
  for (let at = 0; at < rest.length; at++) {
    const character = rest[at] ?? ''
    if (quote) {
      if (character === quote) quote = ''
      else word += character
    } else if (character === '"' || character === "'") quote = character
    else if (character === '{' || character === '[') {
      frames.push({ isList: character === '[', key: null })
      word = ''
    } else if (character === '}' || character === ']') frames.pop()
    else if (character === ',') {
      const frame = frames.at(-1)
      if (frame) frame.key = null
      word = ''
    } else if (character === ':' && frames.length) {
      const frame = frames.at(-1)
      if (frame && !frame.isList) frame.key = word.trim()
      word = ''
    } else word += character
  }
  const inner = frames.flatMap((frame): (string | number)[] =>
    frame.isList ? [0] : frame.key ? [frame.key] : [],
  )
  const last = frames.at(-1)
  const isValue = last ? last.isList || last.key !== null : hasKey
  return { path: [...path, ...inner], isValue }
}
