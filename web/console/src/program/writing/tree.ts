/** The document as a tree: read as the server reads it, and changed so that comments, order and
 *  what nobody touched stay as they were written. */
import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  visit,
  type Alias,
  type Node,
  type ScalarTag,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

import { depthOf, keepComments, layOut, styleOf } from './layout'
import { merge, settle } from './merge'

export type Path = readonly (string | number)[]
export type Value = unknown

/** What keeps a text from being read, between two characters of it. */
export interface Fault {
  message: string
  from: number
  to: number
}

export interface Parsed {
  document: Document
  /** undefined while there are faults. */
  value: Value
  faults: Fault[]
}

const number = (test: RegExp, identify: (value: unknown) => boolean): ScalarTag => ({
  identify,
  default: true,
  tag: test.source.includes('\\.') ? 'tag:yaml.org,2002:float' : 'tag:yaml.org,2002:int',
  test,
  resolve: (text) => {
    const scalar = new Scalar(Number(text))
    const digits = text.split('.')[1]?.length ?? 0
    if (digits && text.endsWith('0')) scalar.minFractionDigits = digits
    return scalar
  },
  stringify: (item) => {
    const value = Number(item.value)
    if (item.source !== undefined && Number(item.source) === value) return item.source
    const plain = String(value)
    const digits = plain.split('.')[1]?.length ?? 0
    return digits < (item.minFractionDigits ?? 0) ? value.toFixed(item.minFractionDigits) : plain
  },
})

// The server's own reading of numbers: what begins with 0, such as an article number, is a text.
const READING = {
  version: '1.2' as const,
  schema: 'failsafe',
  customTags: [
    'null' as const,
    'bool' as const,
    number(/^[-+]?(?:0|[1-9][0-9]{0,17})$/, Number.isInteger),
    number(
      /^[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,12}$/,
      (value) => typeof value === 'number' && !Number.isInteger(value),
    ),
  ],
  merge: false,
  prettyErrors: false,
}
const MOST_ALIASES = 200

export function parse(text: string): Parsed {
  const document = parseDocument(text, READING)
  const faults = document.errors.map((error) => ({
    message: error.message,
    from: Math.min(error.pos[0], text.length),
    to: Math.min(Math.max(error.pos[1], error.pos[0] + 1), text.length),
  }))
  if (faults.length) return { document, value: undefined, faults }
  try {
    return { document, value: document.toJS({ maxAliasCount: MOST_ALIASES }) as Value, faults }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { document, value: undefined, faults: [{ message, from: 0, to: 1 }] }
  }
}

/** What stands at a path of a plain value. */
export function valueAt(value: Value, path: Path): Value {
  let found = value
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Record<string, unknown>)[part]
  }
  return found
}

/** Changes of one document's tree. Nothing is written before `apply` says the new text. */
export class Tree {
  constructor(readonly document: Document) {}

  value(path: Path): Value {
    return valueAt(this.document.toJS({ maxAliasCount: MOST_ALIASES }), path)
  }

  /** Let `value` stand at `path`, with everything on the way there; undefined takes it away. */
  set(path: Path, value: Value): void {
    if (value === undefined) {
      this.remove(path)
      return
    }
    if (!path.length) {
      this.document.contents = this.#made(value)
      return
    }
    const key = path[path.length - 1] ?? ''
    const around = this.#collection(path.slice(0, -1), typeof key === 'number' ? 'seq' : 'map')
    const before = around.get(key, true) as Node | undefined
    if (isScalar(before) && !isObject(value)) {
      before.value = value
      return
    }
    const made = this.#made(value)
    if (isNode(before)) keepComments(before, made)
    if (isMap(around) && before === undefined && around.items.length === 0) around.flow = false
    around.set(key, made)
  }

  /** Money and rates keep their cents: 2 is written 2.00. */
  setDecimal(path: Path, value: number, digits: number): void {
    this.set(path, value)
    const scalar = this.document.getIn(path, true)
    if (isScalar(scalar)) scalar.minFractionDigits = digits
  }

  /** Take away what stands at `path`, and what is left empty around it. */
  remove(path: Path): void {
    if (!path.length || this.value(path) === undefined) return
    const around = this.#collection(path.slice(0, -1))
    around.delete(path[path.length - 1])
    const above = path.slice(0, -1)
    if (!around.items.length && above.length > 1 && typeof above.at(-1) === 'string')
      this.remove(above)
  }

  /** Put a value into a list; the list begins if there is none. */
  insert(path: Path, at: number, value: Value): void {
    const list = this.#list(path)
    if (!list.items.length && isObject(value)) list.flow = false
    const made = this.#made(value)
    // An entry that holds more than plain values gets lines of its own.
    if (isMap(made) && depthOf(made) > 1) {
      made.flow = false
      for (const { value: inner } of made.items) if (isCollection(inner)) layOut(inner)
    }
    list.items.splice(at, 0, made)
  }

  move(path: Path, from: number, to: number): void {
    const list = this.#list(path)
    const [item] = list.items.splice(from, 1)
    if (item !== undefined) list.items.splice(to, 0, item)
  }

  /** Give an entry of a mapping another name, in its place. */
  rename(path: Path, before: string, after: string): void {
    const map = this.#collection(path) as YAMLMap
    const pair = map.items.find((one) => (isScalar(one.key) ? one.key.value : one.key) === before)
    if (!pair || map.has(after)) return
    if (isScalar(pair.key)) pair.key.value = after
    else pair.key = after
  }

  /** Where in the text it stands, from and to. */
  range(path: Path): [number, number] | undefined {
    for (let length = path.length; length > 0; length--) {
      const parts = path.slice(0, length)
      const around = this.document.getIn(parts.slice(0, -1), true)
      const pair = isMap(around)
        ? around.items.find((one) => isScalar(one.key) && one.key.value === parts.at(-1))
        : undefined
      const key = pair?.key
      const node = this.document.getIn(parts, true) as Node | undefined
      const from = (isScalar(key) ? key.range : node?.range)?.[0]
      const to = node?.range?.[1]
      if (from !== undefined) return [from, to ?? from]
    }
    return undefined
  }

  #collection(path: Path, kind: 'map' | 'seq' = 'map'): YAMLMap | YAMLSeq {
    let node = this.document.contents
    if (!isCollection(node)) {
      const kindHere = path.length ? (typeof path[0] === 'number' ? 'seq' : 'map') : kind
      node = this.#empty(kindHere)
      this.document.contents = node
    }
    path.forEach((key, depth) => {
      const around = node as YAMLMap | YAMLSeq
      let inner = around.get(key, true) as Node | undefined
      if (isAlias(inner)) {
        // Only this use of it is changed, not what it refers to.
        inner = this.#own(inner)
        around.set(key, inner)
      }
      if (!isCollection(inner)) {
        const next = path[depth + 1]
        inner = this.#empty(next === undefined ? kind : typeof next === 'number' ? 'seq' : 'map')
        around.set(key, inner)
      }
      node = inner
    })
    return node as unknown as YAMLMap | YAMLSeq
  }

  #list(path: Path): YAMLSeq {
    const found = this.#collection(path, 'seq')
    if (!isSeq(found)) throw new TypeError(`there is no list at ${path.join('/')}`)
    return found
  }

  #own(alias: Alias): Node {
    const copy = alias.resolve(this.document)?.clone() as Node | undefined
    if (!copy) return this.#empty('map')
    visit(copy, {
      Node: (_, node) => {
        delete (node as { anchor?: string }).anchor
      },
    })
    return copy
  }

  #empty(kind: 'map' | 'seq'): Node {
    return this.#made(kind === 'seq' ? [] : {})
  }

  #made(value: Value): Node {
    const made = this.document.createNode(value) as unknown as Node
    if (isCollection(made)) layOut(made)
    return made
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** The text after a change of its tree. Lines that the change does not touch stay as they are. */
export function edit(text: string, change: (tree: Tree) => void): string {
  const { document, faults } = parse(text)
  if (faults.length) return text
  if (isJson(text)) {
    change(new Tree(document))
    return JSON.stringify(document.toJS({ maxAliasCount: MOST_ALIASES }), null, 2) + '\n'
  }
  const style = styleOf(text)
  const before = document.toString(style)
  change(new Tree(document))
  const after = document.toString(style)
  if (before === after) return text
  const chunks = merge(before, text, after)
  const merged = settle(
    chunks,
    chunks.map(() => 'theirs'),
  )
  return isSame(merged, after) ? merged : after
}

function isSame(text: string, other: string): boolean {
  const { value, faults } = parse(text)
  return !faults.length && JSON.stringify(value) === JSON.stringify(parse(other).value)
}

function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}
