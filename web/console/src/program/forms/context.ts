/** What every field of the forms knows: the document, its schema, and how to change it. */
import type { Schemas } from '@regulars/shared/api/client'
import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'

import { valueAt, type Path, type Tree } from '../writing/tree'
import { isWithin, pointerOf } from './pointers'
import { shapeName, type Schema } from './schema'

export type Finding = Schemas['FindingAnswer']

/** What conditions may look at, by event type. */
export interface ProgramField {
  name: string
  type: string
  label: string
  optional: boolean
  line: boolean
  money: boolean
  audience: boolean
  values: { value: string; label: string }[]
}

export interface ProgramFields {
  money: string
  event_types: { type: string; label: string; custom: boolean; fields: ProgramField[] }[]
}

export interface Form {
  root: Schema
  value: Record<string, unknown>
  isReadOnly: boolean
  findings: Finding[]
  /** What conditions may look at; null while the document cannot be read. */
  fields: ProgramFields | null
  edit: (change: (tree: Tree) => void) => void
  /** Show in the text where a value stands. */
  reveal: (path: Path) => void
}

export const FormContext = createContext<Form | null>(null)

export function useForm(): Form {
  const found = use(FormContext)
  if (!found) throw new Error('useForm is used outside of the designer')
  return found
}

export function useValue(path: Path): unknown {
  return valueAt(useForm().value, path)
}

/** What the server says of this very place. */
export function useFindings(path: Path): Finding[] {
  const pointer = pointerOf(path)
  return useForm().findings.filter((finding) => finding.pointer === pointer)
}

export function findingsWithin(findings: Finding[], path: Path): Finding[] {
  return findings.filter((finding) => isWithin(finding.pointer, path))
}

/** A finding in the reader's language: the server tells it in English, with a code. What is only
 *  doubtful is told whole; an error keeps what the server says of the very value. */
export function useFindingText(): (finding: Finding) => string {
  const { t, i18n } = useTranslation('document')
  return ({ code, message, severity }) => {
    if (i18n.language !== 'zh' || /[\u4e00-\u9fff]/.test(message)) return message
    const said = t(`findings.${code}`, { n: measureIn(message), defaultValue: '' })
    if (!said) return message
    return severity === 'warning' ? said : `${said}（${message}）`
  }
}

/** Of "12.5 % of the price" and "1.2 times what is given": how much. */
function measureIn(message: string): string {
  return /([\d.,/]+) (?:%|times)/.exec(message)?.[1] ?? ''
}

export interface Named {
  label: string
  hint: string
}

/** How a property is called, by its place: `earn_points` before `points`. */
export function useNames(): (path: Path, schema?: Schema) => Named {
  const { t } = useTranslation('document')
  return (path, schema) => {
    const words = path.filter((part) => typeof part === 'string')
    const name = words.at(-1) ?? ''
    const keys = [`${words.at(-2) ?? ''}_${name}`, name]
    const say = (what: string, otherwise: string) =>
      t(
        keys.map((key) => `fields.${key}.${what}`),
        { defaultValue: otherwise },
      )
    return { label: say('label', name), hint: say('hint', schema?.description ?? '') }
  }
}

/** How one of a few words is said. */
export function useChoiceName(): (word: string) => string {
  const { t } = useTranslation('document')
  return (word) => t(`choices.${word}`, { defaultValue: word })
}

export interface Option {
  value: string
  label: string
}

/** In the reader's language, or in English, or whatever there is. */
export function inWords(name: unknown, language: string): string {
  if (typeof name !== 'object' || name === null) return typeof name === 'string' ? name : ''
  const words = name as Record<string, string>
  return words[language === 'zh' ? 'zh-CN' : 'en'] ?? words.en ?? Object.values(words)[0] ?? ''
}

const LISTS: Record<string, string[]> = {
  currency: ['currencies'],
  from: ['currencies'],
  to: ['currencies'],
  of: ['rules'],
  rules: ['rules'],
  metric: ['tiers', 'metrics'],
  tiers: ['tiers', 'ladder'],
  tier: ['tiers', 'ladder'],
  group: ['stacking'],
  benefit: ['benefits'],
  benefits: ['benefits'],
  cards: ['cards'],
  on: ['event_types'],
  type: ['event_types'],
  count: ['event_types'],
}
const BUILT_IN = [
  'purchase', 'return', 'visit', 'check_in', 'review', 'share', 'content', 'referral',
  'survey_answer', 'profile_completed', 'location', 'card_payment', 'asset_statement', 'occasion',
] // prettier-ignore

const CALENDAR = ['birthday', 'anniversary', 'member_day', 'second_purchase']
export const STAGES = [
  'prospect', 'new', 'growing', 'mature', 'at_risk', 'lapsed', 'won_back',
] // prettier-ignore

/** What the calendar brings, and the stages and tiers that may be reached. */
function occasionsOf(
  value: Record<string, unknown>,
  language: string,
  t: (key: string, more?: Record<string, string>) => string,
): Option[] {
  const ladder = valueAt(value, ['tiers', 'ladder'])
  const tiers = Array.isArray(ladder) ? (ladder as { id?: unknown; name?: unknown }[]) : []
  return [
    ...CALENDAR.map((one) => ({ value: one, label: t(`occasions.${one}`) })),
    ...STAGES.map((one) => ({
      value: `stage.${one}`,
      label: t('occasions.stage', { stage: t(`choices.${one}`) }),
    })),
    ...tiers.slice(1).map((one) => ({
      value: `tier.${String(one.id)}`,
      label: t('occasions.tier', { tier: inWords(one.name, language) || String(one.id) }),
    })),
  ]
}

/** What a value may name that stands elsewhere in the document; null where it names nothing. */
export function useOptions(): (path: Path, schema: Schema) => Option[] | null {
  const { value } = useForm()
  const { t, i18n } = useTranslation('document')
  return (path, schema) => {
    const name = path.filter((part) => typeof part === 'string').at(-1) ?? ''
    if (name === 'occasions') return occasionsOf(value, i18n.language, t)
    const at = LISTS[name]
    const isEvent = at?.[0] === 'event_types'
    if (!at || !(isEvent || shapeName(schema) === 'id')) return null
    const known = valueAt(value, at)
    const own = Array.isArray(known)
      ? known.map((one: Record<string, unknown>) => [String(one.id), one.name] as const)
      : Object.entries((known ?? {}) as Record<string, { name?: unknown }>).map(
          ([id, one]) => [id, one.name] as const,
        )
    const built = isEvent
      ? BUILT_IN.filter((one) => name !== 'on' || one !== 'return').map((one) => ({
          value: one,
          label: t(`events.${one}`),
        }))
      : []
    const named = own.map(([id, words]) => ({
      value: id,
      label: inWords(words, i18n.language) || id,
    }))
    return [...built, ...named]
  }
}
