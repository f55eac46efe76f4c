/** The mapping of a file's columns, as `regulars import` knows it, read and changed field by field. */
import type { Schemas } from '@regulars/shared/api/client'

export type Mapping = Record<string, unknown>
export type Sent = Schemas['MappingIn']['mapping']
export type Target = Schemas['TargetAnswer']
export type Spec = unknown

/** By what a member is named: a system of ids, and the column that holds the id. */
export interface Naming {
  system: string
  column: string | undefined
}

const HOLE = /^\{([^{}]+)\}$/
const NAMED = /^(?:([a-z][a-z0-9_.-]*):)?\{([^{}]+)\}$/

export function columnOf(spec: Spec): string | undefined {
  if (typeof spec === 'string') return HOLE.exec(spec)?.[1]
  if (isObject(spec) && typeof spec.column === 'string') return spec.column
  return undefined
}

/** What stands in every event alike; undefined where the value comes from a column. */
export function constantOf(spec: Spec): string | undefined {
  return typeof spec === 'string' && !spec.includes('{') ? spec : undefined
}

export function namingOf(mapping: Mapping): Naming {
  const found = typeof mapping.subject === 'string' ? NAMED.exec(mapping.subject) : null
  return { system: found ? (found[1] ?? '') : 'card', column: found?.[2] }
}

export function withNaming(mapping: Mapping, { system, column }: Naming): Mapping {
  if (!column) return without(mapping, 'subject')
  return { ...mapping, subject: `${system ? `${system}:` : ''}{${column}}` }
}

/** How a column becomes a value of this kind. `decimals`: minor digits of the program's money. */
export function specFor(kind: string, column: string, decimals: number, before: Spec): Spec {
  if (kind === 'text') return `{${column}}`
  if (isObject(before) && 'column' in before) return { ...before, column }
  if (kind === 'money') return { column, as: 'money', ...(decimals === 2 ? {} : { decimals }) }
  return { column, as: kind }
}

/** The value of a field: of the event's data, or of each of its lines. */
export function fieldOf(mapping: Mapping, target: Target): Spec {
  let found: unknown = placeOf(mapping, target)
  for (const step of target.name.split('.')) found = isObject(found) ? found[step] : undefined
  return found
}

export function withField(mapping: Mapping, target: Target, spec: Spec): Mapping {
  const data = isObject(mapping.data) ? mapping.data : {}
  if (!target.of_line) return { ...mapping, data: put(data, target.name.split('.'), spec) }
  const line = put(lineOf(mapping), [target.name], spec)
  const rest = without(data, 'lines')
  return { ...mapping, data: Object.keys(line).length ? { ...rest, lines: [line] } : rest }
}

/** Whether the rows of one receipt stand below each other and are one event. */
export function withGrouping(mapping: Mapping, isByLine: boolean): Mapping {
  const receipt = columnOf(mapping.id)
  if (!isByLine || !receipt) return without(without(mapping, 'group_by'), 'window')
  return { ...mapping, group_by: receipt, window: 200 }
}

export function withReceipt(mapping: Mapping, column: string | undefined): Mapping {
  if (!column) return withGrouping(without(mapping, 'id'), false)
  const after = { ...mapping, id: `{${column}}` }
  return withGrouping(after, mapping.group_by !== undefined)
}

export function timeOf(mapping: Mapping): Record<string, string | undefined> {
  return isObject(mapping.time) ? (mapping.time as Record<string, string | undefined>) : {}
}

export function withTime(mapping: Mapping, change: Record<string, string | undefined>): Mapping {
  const after = Object.fromEntries(
    Object.entries({ ...timeOf(mapping), ...change }).filter(([, value]) => value),
  )
  return after.column ? { ...mapping, time: after } : without(mapping, 'time')
}

/** What is still missing before anything can be read. */
export function missing(mapping: Mapping): string[] {
  const wanted = ['id', 'subject', 'time'].filter((one) => mapping[one] === undefined)
  const data = isObject(mapping.data) ? mapping.data : {}
  if (mapping.type === 'purchase' && data.total === undefined) {
    if (lineOf(mapping).amount === undefined) wanted.push('amount')
  }
  return wanted
}

function placeOf(mapping: Mapping, target: Target): unknown {
  if (target.of_line) return lineOf(mapping)
  return mapping.data
}

function lineOf(mapping: Mapping): Record<string, unknown> {
  const lines = isObject(mapping.data) ? mapping.data.lines : undefined
  const first: unknown = Array.isArray(lines) ? lines[0] : undefined
  return isObject(first) ? first : {}
}

function put(
  tree: Record<string, unknown>,
  [step, ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  if (step === undefined) return tree
  if (!rest.length) return value === undefined ? without(tree, step) : { ...tree, [step]: value }
  const inner = isObject(tree[step]) ? tree[step] : {}
  const after = put(inner, rest, value)
  return Object.keys(after).length ? { ...tree, [step]: after } : without(tree, step)
}

function without(tree: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== name))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
