/** Completion and help in the editor, from the document's schema. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorView, Tooltip } from '@codemirror/view'

import { resolved, schemasAt, shapesOf, type Schema } from '../forms/schema'
import { spotAt } from './spots'
import type { Path } from './tree'

export interface Teacher {
  root: Schema | undefined
  /** What a property is called and means, in the reader's language. */
  names: (path: Path, schema?: Schema) => { label: string; hint: string }
  say: (word: string) => string
  /** Ids that may stand at a path. */
  options: (path: Path, schema: Schema) => { value: string; label: string }[] | null
}

/** `teacher` is asked anew each time: languages and documents change. */
export function helpOf(teacher: () => Teacher | null) {
  return {
    complete: (context: CompletionContext): CompletionResult | null => {
      const known = teacher()
      if (!known?.root) return null
      const text = context.state.doc.toString()
      const spot = spotAt(text, context.pos)
      if (!spot.word && !context.explicit && !/[{,:[]\s*$/.test(text.slice(0, context.pos)))
        return null
      const schemas = schemasAt(known.root, spot.path)
      const found = spot.isValue
        ? valuesOf(known, known.root, schemas, spot.path)
        : propertiesOf(known, known.root, schemas, spot.path)
      const options = found.length ? found : valuesOf(known, known.root, schemas, spot.path)
      if (!options.length) return null
      return { from: context.pos - spot.word.length, options, validFor: /^[\w.+-]*$/ }
    },
    hover: (view: EditorView, at: number): Tooltip | null => {
      const known = teacher()
      const word = view.state.wordAt(at)
      if (!known?.root || !word) return null
      const text = view.state.doc.toString()
      const spot = spotAt(text, word.to)
      const name = text.slice(word.from, word.to)
      const isName = /^\s*:(\s|$)/.test(text.slice(word.to, word.to + 8))
      const path = isName ? [...spot.path, name] : spot.path
      const schema = schemasAt(known.root, path)[0]
      if (!schema) return null
      return tooltip(known, known.root, path, schema, word.from)
    },
  }
}

function propertiesOf(known: Teacher, root: Schema, schemas: Schema[], path: Path): Completion[] {
  const found = new Map<string, Completion>()
  for (const shape of schemas.flatMap((one) => shapesOf(root, one)))
    for (const [name, property] of Object.entries(shape.properties ?? {})) {
      const { label, hint } = known.names([...path, name], property)
      const isNeeded = shape.required?.includes(name) === true
      const detail = label === name ? undefined : label
      found.set(name, {
        label: name,
        apply: `${name}: `,
        detail,
        info: hint,
        boost: isNeeded ? 1 : 0,
      })
    }
  return [...found.values()]
}

function valuesOf(known: Teacher, root: Schema, schemas: Schema[], path: Path): Completion[] {
  return schemas
    .flatMap((one) => shapesOf(root, one).map((shape) => [one, shape] as const))
    .flatMap(([one, shape]): Completion[] => {
      const named = known.options(path, one) ?? known.options(path, shape.items ?? {})
      if (named) return named.map(({ value, label }) => ({ label: value, detail: label }))
      const words = shape.enum ?? shape.items?.enum
      if (words) return words.map((word) => ({ label: word, detail: known.say(word) }))
      if (shape.type === 'boolean') return [{ label: 'true' }, { label: 'false' }]
      if ('const' in shape) return [{ label: shape.const as string }]
      return (shape.examples ?? [])
        .filter((example) => typeof example !== 'object')
        .map((example) => ({ label: `${example as string | number}` }))
    })
}

function tooltip(
  known: Teacher,
  root: Schema,
  path: Path,
  schema: Schema,
  at: number,
): Tooltip | null {
  const { label, hint } = known.names(path, resolved(root, schema))
  if (!hint) return null
  const words = shapesOf(root, schema).flatMap((shape) => shape.enum ?? [])
  return {
    pos: at,
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'cm-help'
      const title = dom.appendChild(document.createElement('strong'))
      title.textContent = label
      dom.appendChild(document.createElement('div')).textContent = hint
      for (const word of words.slice(0, 12))
        dom.appendChild(document.createElement('div')).textContent = `${word} – ${known.say(word)}`
      return { dom }
    },
  }
}
