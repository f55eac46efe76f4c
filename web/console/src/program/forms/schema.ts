/** The JSON Schema of the document, walked: what may stand at a path. */
import type { Path } from '../writing/tree'

export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  title?: string
  description?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: string[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  pattern?: string
  errorMessage?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  maxItems?: number
  maxProperties?: number
  minItems?: number
  maxLength?: number
}

/** The shared shape that a place uses (`text`, `duration`, …); empty where it has a shape of its own. */
export function shapeName(schema: Schema): string {
  return schema.$ref?.replace('#/$defs/', '') ?? ''
}

/** The schema with what it refers to. What is said at the place itself wins. */
export function resolved(root: Schema, schema: Schema): Schema {
  if (!schema.$ref) return schema
  const { $ref, ...own } = schema
  const shared = root.$defs?.[shapeName({ $ref })] ?? {}
  return { ...resolved(root, shared), ...own }
}

/** The shapes of which a value here has one. */
export function shapesOf(root: Schema, schema: Schema): Schema[] {
  const here = resolved(root, schema)
  return here.anyOf && !here.type ? here.anyOf.flatMap((one) => shapesOf(root, one)) : [here]
}

/** What may stand at a path: every shape that is possible there. */
export function schemasAt(root: Schema, path: Path): Schema[] {
  let found = [root]
  for (const part of path) {
    found = found
      .flatMap((one) => shapesOf(root, one))
      .flatMap((shape) => {
        if (typeof part === 'number') return shape.items ? [shape.items] : []
        const own = shape.properties?.[part]
        if (own) return [own]
        return typeof shape.additionalProperties === 'object' ? [shape.additionalProperties] : []
      })
  }
  return found
}

/** Whether a value looks like one of this shape, as far as to choose among several. */
export function fits(shape: Schema, value: unknown): boolean {
  if ('const' in shape) return shape.const === value
  if (shape.enum) return typeof value === 'string' && shape.enum.includes(value)
  if (Array.isArray(value)) return shape.type === 'array'
  if (typeof value !== 'object' || value === null) return shape.type === kindOf(value)
  if (shape.type !== 'object') return false
  const names = Object.keys(value)
  if (shape.properties && shape.additionalProperties === false)
    return names.every((name) => shape.properties?.[name])
  return !names.includes('any')
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** A value with which a shape begins: the least that it needs. */
export function beginning(root: Schema, schema: Schema): unknown {
  const here = shapesOf(root, schema)[0] ?? schema
  if ('const' in here) return here.const
  if (here.default !== undefined) return here.default
  if (here.enum) return here.enum[0]
  if (here.type === 'object') {
    const example = here.examples?.[0]
    if (!here.properties || shapeName(schema) === 'text') return example ?? {}
    return Object.fromEntries(
      (here.required ?? []).map((name) => [name, beginning(root, here.properties?.[name] ?? {})]),
    )
  }
  if (here.type === 'array') return here.minItems ? [beginning(root, here.items ?? {})] : []
  if (here.type === 'boolean') return true
  const example = here.examples?.[0]
  if (example !== undefined) return example
  if (here.type === 'integer' || here.type === 'number') return here.minimum ?? 1
  return ''
}
